import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { WebSocketConstructor } from '../core/link/link.ts';
import type { Codec } from '../core/messages/codec.ts';
import type { VouchedBy } from '../core/options/options.ts';
import type { Clock } from '../core/platform/clock.ts';
import type { Signals } from '../core/platform/signals.ts';
import { createDoor } from './door.ts';
import { isPong, pongFor, readLifeline } from './heartbeat.ts';
import { createInbox, PATIENCE } from './inbox.ts';
import type { SetPresenceOptions } from './presence.ts';
import { createTestPresence } from './presence.ts';
import { replay } from './replay.ts';
import { arrivalOf, serverSideOf } from './server-codec.ts';
import type { ServerEnd } from './simulation/server-end.ts';
import type { ServedClient, TestClient } from './test-client.ts';
import { createTestClient } from './test-client.ts';
import { TestNetwork } from './test-network.ts';
import { World } from './world.ts';

/** The options of {@link createTestServer}. */
export interface TestServerOptions<In = Frame, Out = OutFrame> {
  /** The codec of the app, which gives `send()` and `received` their types. @defaultValue messages are frames */
  readonly codec?: Codec<In, Out> | undefined;
  /**
   * The codec of the server's side, for one that is not the same in both directions.
   * @defaultValue JSON for a codec of `json()`, whose schema is for what the app gets; otherwise `codec`
   */
  readonly serverCodec?: Codec<NoInfer<Out>, NoInfer<In>> | undefined;
  /** The subprotocols that the server speaks. A client that offers only others is refused. @defaultValue all */
  readonly protocols?: readonly string[] | undefined;
  /**
   * Returns the answer to a ping of the app's own, and undefined for all other frames. `ping` and the pings of
   * `lifeline()` are answered without it. @defaultValue no other pings
   */
  readonly pong?: ((frame: Frame) => Frame | undefined) | undefined;
  /** Called with each client that is let in, for what a server sends first. */
  readonly onConnect?: ((client: TestClient<NoInfer<In>, NoInfer<Out>>) => void) | undefined;
  /** Called with each message, for a server that answers by itself. */
  readonly onMessage?:
    | ((message: NoInfer<Out>, client: TestClient<NoInfer<In>, NoInfer<Out>>) => void)
    | undefined;
}

/** What a connection needs to reach a test server, and to live in its time. */
export interface TestWorldOptions {
  /** `wss://server.test/live`. Every other url reaches the same server, such as one with a token. */
  readonly url: string;
  /** The class of sockets that lead to the server. */
  readonly WebSocket: WebSocketConstructor;
  /** The time of the test. */
  readonly clock: Clock;
  /** The network and the page of the test. */
  readonly signals: Signals;
  /** Always 0.5, so that delays are the same in each run: 1.75 s after the first failure. */
  readonly random: () => number;
}

/** A server for tests, and the world around the app. See {@link createTestServer}. */
export interface TestServer<In = Frame, Out = OutFrame> {
  /** The options that lead a provider, a hook or `createConnection()` here. */
  readonly options: TestWorldOptions;
  /** The url of `options`, for a url function: `` () => `${server.url}?token=${token}` ``. */
  readonly url: string;
  /** The clients whose links are open, the oldest first. */
  readonly clients: readonly TestClient<In, Out>[];
  /** The messages of all clients, the oldest first, without heartbeats. */
  readonly received: readonly Out[];
  /**
   * Waits until a client, or so many, are connected; time passes until then, reconnect delays included. Returns the newest
   * client.
   *
   * @param count - How many clients must be connected. 1 by default.
   * @throws Error if this is not so within 60 s of the test's clock.
   */
  connected(count?: number): Promise<TestClient<In, Out>>;
  /**
   * Takes the next message of any client: the oldest one that `next()` has not returned yet. Without one, time passes
   * until it comes.
   *
   * @throws Error if none comes within 60 s of the test's clock.
   */
  next(): Promise<Out>;
  /** Lets in all clients, as at the start: those that wait and those that come. */
  accept(): void;
  /**
   * Refuses all clients, those that wait and those that come, until `accept()` or `hold()`.
   *
   * @param code - A close code, for a server that lets a client in and closes at once, so that the app can tell why.
   * Without it the handshake fails, of which an app sees only 1006.
   */
  refuse(code?: number, reason?: string): void;
  /** Lets clients wait at the door, until `accept()` or `refuse()`. */
  hold(): void;
  /** Sends a message to all clients. @throws Error if there is none. */
  send(message: In): void;
  /** Closes all links. @param code - 1000 by default. */
  close(code?: number, reason?: string): void;
  /** Cuts all links, without a close frame: the app sees 1006. */
  drop(): void;
  /** Makes all links half-open: nothing arrives any more, and nobody is told. New links are whole. */
  silence(): void;
  /** From now on everything takes so many milliseconds, one way. 0: it arrives at once, as at the start. */
  slow(ms: number): void;
  /** The network is gone: the page is told, all links are half-open for good, and attempts fail. */
  offline(): void;
  /** The network is back, and the page is told. */
  online(): void;
  /** The computer sleeps for so many milliseconds, then the page is shown: only the wall clock goes on. */
  sleep(ms: number): void;
  /** The page is hidden: its timers fire once a minute, as in Chrome after five minutes. */
  hide(): void;
  /** The page is shown again. */
  show(): void;
  /**
   * So many milliseconds pass for the connection, the network and the server; React renders whatever changes. Await it,
   * inside of `act()` or outside. Timers of the app itself are not touched.
   */
  advance(ms: number): Promise<void>;
  /**
   * Says who is online or, with a topic, who is subscribed to it, and tells the clients that ask with `usePresence()`. Until
   * then the ids of the clients are online, and nothing is told of topics.
   */
  setPresence(ids: readonly string[], options?: SetPresenceOptions): void;
  /**
   * Plays back a session that was exported by `WebSocketDevtools`: the server lets the app in, sends, falls silent and closes as the
   * recorded one did, at the same times. Heartbeats and handshakes are those of the test, and what the app sends is its own. What was
   * redacted arrives as `[redacted]`; binary frames that were a Blob are left out.
   *
   * @param session - The text of the file.
   * @throws TypeError if it is not such a text; Error if the app does not connect within 60 s of the test's clock.
   */
  replay(session: string): Promise<void>;
}

const SERVER_URL = 'wss://server.test/live';

/** How long a hidden page waits between two turns of its timers, in milliseconds. */
const HIDDEN_TIMERS = 60_000;

/** Makes a test server whose messages are frames. See the next overload. */
export function createTestServer(): TestServer;
/**
 * Makes a server for tests, with a clock, a network and a page of its own. Spread its `options` into a provider or
 * `createConnection()`. It lets every client in, and answers heartbeats and presence. What takes no time happens by itself;
 * time passes only by `advance()`, `connected()` and `next()`. No fake timers are needed, and none are disturbed.
 *
 * @example
 * ```tsx
 * const server = createTestServer({ codec: json<Message, Message>() });
 * render(<Chat {...server.options} />);
 * await server.connected();
 * server.send({ text: 'hello' });
 * expect(screen.getByText('hello')).toBeTruthy();
 * ```
 */
export function createTestServer<In = Frame, Out = OutFrame>(
  options: VouchedBy<'codec', TestServerOptions<In, Out>, In, Out>,
): TestServer<In, Out>;
export function createTestServer<In, Out>(
  options: TestServerOptions<In, Out> = {},
): TestServer<In, Out> {
  const world = new World();
  const { clock, signals } = world;
  const clients = createClients(world, options);
  const { network, door, inbox, presence } = clients;

  const run =
    <Args extends unknown[]>(action: (...args: Args) => void) =>
    (...args: Args): void =>
      world.run(() => action(...args));
  const each = (action: (client: ServedClient<In, Out>) => void): void =>
    world.run(() => clients.live().forEach(action));

  const server: TestServer<In, Out> = {
    options: {
      url: SERVER_URL,
      WebSocket: network.WebSocket,
      clock,
      signals: signals.listen,
      random: () => 0.5,
    },
    url: SERVER_URL,
    get clients() {
      return clients.open();
    },
    received: inbox.received,
    async connected(count = 1) {
      const isSo = () => clients.whole().length >= count;
      const { knocks } = door;
      if (!(await world.until(isSo, PATIENCE))) throw notConnected(count, clients, knocks);
      return clients.whole().at(-1) as TestClient<In, Out>;
    },
    next: inbox.next,
    accept: run(door.accept),
    refuse: run(door.refuse),
    hold: door.hold,
    send(message) {
      if (clients.live().length === 0)
        throw new Error('No client is connected: call `await server.connected()` before send().');
      each((client) => client.send(message));
    },
    close: (code, reason) => each((client) => client.close(code, reason)),
    drop: () => each((client) => client.drop()),
    silence: () => each((client) => client.silence()),
    slow(ms) {
      network.latency = checkTime(ms, 'slow');
    },
    offline: run(() => {
      network.isOffline = true;
      each((client) => client.silence());
      signals.emit('offline');
    }),
    online: run(() => {
      network.isOffline = false;
      signals.emit('online');
    }),
    sleep: run((ms: number) => {
      clock.sleep(checkTime(ms, 'sleep'));
      signals.emit('visible');
    }),
    hide: () => clock.throttlesTimers(HIDDEN_TIMERS),
    show: run(() => {
      clock.throttlesTimers(0);
      signals.emit('visible');
    }),
    advance: async (ms) => world.advance(checkTime(ms, 'advance')),
    setPresence: run(presence.set),
    replay: (session) =>
      replay({ ...server, client: () => clients.live().at(-1) as never }, session),
  };
  return server;
}

function checkTime(ms: number, name: string): number {
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new TypeError(`${name}() takes milliseconds, 0 or more, not ${String(ms)}.`);
}

/** Makes the network of a server, and what becomes of its clients and their frames. */
function createClients<In, Out>(world: World, options: TestServerOptions<In, Out>) {
  const codec = options.serverCodec ?? serverSideOf(options.codec);
  const inbox = createInbox<Out>(world, 'server');
  const all = new Map<ServerEnd, ServedClient<In, Out>>();
  let count = 0;
  const live = () => [...all.values()].filter(({ isLive }) => isLive);
  const open = () => live().filter(({ isOpen }) => isOpen);
  const presence = createTestPresence(open);
  const door = createDoor<In, Out>(options.protocols, (client) => {
    presence.tell();
    options.onConnect?.(client);
  });
  const network: TestNetwork = new TestNetwork(world.clock, {
    onDial(socket) {
      const client = createTestClient(world, socket, codec, () => `client-${++count}`);
      all.set(socket.server, client);
      door.knock(client);
    },
    onFrame(frame, at) {
      const client = all.get(at);
      if (client?.isOpen) receive(arrivalOf(frame), client);
    },
  });
  network.afterEvent = (_, type, event) => {
    if (type === 'close') presence.tell();
    if (type === 'message' && isPong((event as MessageEvent).data)) world.isQuiet();
  };

  function receive(frame: Frame, client: ServedClient<In, Out>): void {
    const lifeline = readLifeline(frame);
    const pong = pongFor(frame, lifeline, options.pong);
    if (pong !== undefined) {
      world.isQuiet();
      client.sendLate(pong);
    } else if (lifeline) presence.handle(client, lifeline);
    else {
      const message = codec.decode(frame);
      client.add(message);
      inbox.add(message);
      // Later: what the test does then must not reach a client that is still sending.
      network.clock.later(0, () => options.onMessage?.(message, client));
    }
  }

  return {
    network,
    door,
    inbox,
    presence,
    /** Those whose links the server has not ended, half-open ones included. */
    live,
    /** Those whose links are not half-open. */
    open,
    /** Those of whom the app knows that they are open, too. */
    whole: () => open().filter(({ socket }) => socket.readyState === 1),
  };
}

interface Unmet {
  whole(): unknown[];
  readonly door: { readonly knocks: number; readonly state: string };
  readonly network: { readonly isOffline: boolean };
}

/** Makes the error of `connected()`. `before`: how many clients had knocked when it was called. */
function notConnected(count: number, { whole, door, network }: Unmet, before: number): Error {
  const seconds = PATIENCE / 1_000;
  const state = network.isOffline
    ? 'There is no network: call online().'
    : door.knocks > before
      ? door.state
      : `${door.state} No attempt arrived in these ${seconds} s. Does the app use server.options, is it rendered, and has it not closed? What a url function waits for, such as a request, needs real time: first wait for it, by \`await waitFor(() => expect(server.clients).toHaveLength(${count}))\`.`;
  return new Error(
    `server.connected(${count}): ${whole().length} connected within ${seconds} s of the test's clock, after ${door.knocks} attempts in all. ${state}`,
  );
}
