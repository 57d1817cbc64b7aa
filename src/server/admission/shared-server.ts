import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_PERIOD } from '../limits/period.ts';
import type { ServerOptions } from '../options/options.ts';
import { Claim, hasOlderRequest } from './claim.ts';
import { passToApplication } from './pass-to-application.ts';
import { NOT_FOUND, TOO_EARLY } from './refusal.ts';
import { guard, refuse } from './refuse.ts';
import { isForWebSocket, type Route } from './route.ts';

type SharedHttpServer = NonNullable<ServerOptions['server']>;

/** An HTTP server of Node 22.21, 24.9 or later. */
type AskingHttpServer = SharedHttpServer & {
  shouldUpgradeCallback?: (this: SharedHttpServer, request: IncomingMessage) => boolean;
};

/** How long an upgrade may stay unanswered on an HTTP server without limits of its own: Node's default for headers, in ms. */
const DEFAULT_LIMIT = 60_000;

/** The companions on each HTTP server. They share one listener, so that it can be told from listeners of others. */
const companions = new WeakMap<SharedHttpServer, Companions>();

/** Passes the upgrades of an HTTP server of the application to a companion. Returns the function that stops it. */
export function listenOnServer(server: SharedHttpServer, route: Route): () => Promise<void> {
  const all = companions.get(server) ?? new Companions(server);
  companions.set(server, all);
  all.add(route);
  return async () => all.remove(route);
}

/** All companions on one HTTP server, and its other listeners for upgrades, such as that of a development server. */
class Companions {
  readonly #server: SharedHttpServer;
  readonly #routes = new Set<Route>();

  constructor(server: SharedHttpServer) {
    this.#server = server;
    this.#letApplicationAnswer();
  }

  add(route: Route): void {
    // The first listener sees a socket before others can fail on it or write to it.
    if (this.#routes.size === 0) this.#server.prependListener('upgrade', this.#onUpgrade);
    this.#routes.add(route);
  }

  remove(route: Route): void {
    this.#routes.delete(route);
    if (this.#routes.size === 0) this.#server.off('upgrade', this.#onUpgrade);
  }

  /**
   * Newer versions of Node ask whether a request is an upgrade. Those of other protocols then reach the application without
   * a detour; before that, `passToApplication()` gives them back.
   */
  #letApplicationAnswer(): void {
    const server: AskingHttpServer = this.#server;
    const isUpgrade = server.shouldUpgradeCallback;
    if (isUpgrade)
      server.shouldUpgradeCallback = (request) =>
        isUpgrade.call(server, request) &&
        (isForWebSocket(request) || this.#routes.size === 0 || server.listenerCount('upgrade') > 1);
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    guard(socket);
    if (socket.writableEnded) return; // The answer to an older request closes it.
    const isAlone = this.#server.listenerCount('upgrade') === 1;
    const route = isForWebSocket(request) ? this.#routeOf(request) : undefined;
    if (hasOlderRequest(socket)) {
      // Also if it is not for us: nobody could answer it, nor tell whether another listener has.
      route?.refused(request, TOO_EARLY);
      return void socket.destroy();
    }
    if (!isAlone) return this.#answerAfterOthers(route, request, socket, head);
    if (route) return route.upgrade(request, socket, head);
    // Node hands all upgrades to an `upgrade` listener, also those that an application would answer as if they were none.
    if (!isForWebSocket(request)) return passToApplication(this.#server, request, socket, head);
    refuse(socket, NOT_FOUND.status, NOT_FOUND.reason);
    for (const { refused } of this.#routes) refused(request, NOT_FOUND);
  };

  #routeOf(request: IncomingMessage): Route | undefined {
    const routes = [...this.#routes].filter((route) => route.matches(request));
    return routes.find(({ takesAll }) => !takesAll) ?? routes[0];
  }

  /** Waits until all other listeners were called. A socket that two of them take carries broken frames. */
  #answerAfterOthers(
    route: Route | undefined,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void {
    const claim = new Claim(socket);
    setImmediate(() => {
      if (socket.destroyed && !claim.isAnswered) return; // The client has disconnected.
      const isTaken = route?.takesAll ? claim.isMade : claim.isAnswered;
      if (route && !isTaken) return route.upgrade(request, socket, head);
      if (!claim.isAnswered) return this.#letGoLater(socket, claim);
      if (route && !route.takesAll)
        route.error(
          new Error(
            'Another upgrade listener of the HTTP server has answered a request to the path of this server. Let it leave other paths alone; a WebSocketServer of ws does with the option noServer.',
          ),
        );
    });
  }

  /** Destroys a socket that nobody has answered within the time that the HTTP server allows for a request. */
  #letGoLater(socket: Duplex, claim: Claim): void {
    const { headersTimeout, requestTimeout } = this.#server;
    const limits = [headersTimeout, requestTimeout].filter((limit) => limit > 0);
    const limit = Math.min(MAX_PERIOD, ...(limits.length > 0 ? limits : [DEFAULT_LIMIT]));
    const timer = setTimeout(() => {
      if (!claim.isAnswered) socket.destroy();
    }, limit);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }
}
