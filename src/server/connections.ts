import type { RawData, WebSocket } from 'ws';
import { INTERNAL_ERROR } from '../core/protocol/close-codes.ts';
import type { Admitted } from './admission/admission.ts';
import type { Topics } from './broadcasts/topics.ts';
import { type AnyIdentity, ServerClient } from './clients/client.ts';
import type { Clients } from './clients/clients.ts';
import type { Drain } from './clients/drain.ts';
import { closeOfError } from './clients/socket-errors.ts';
import type { Sweeper } from './clients/sweeper.ts';
import type { Events } from './events.ts';
import type { Format } from './messages/format.ts';
import { Outlet } from './messages/outlet.ts';
import type { PresenceStore } from './presence/store.ts';
import type { Watchers } from './presence/watchers.ts';
import type { Receiver } from './receiver.ts';
import { reportRejection } from './checks/rejections.ts';
import type { PlainRequests } from './sessions/plain-requests.ts';
import type { Counters } from './stats/stats.ts';

/** The parts of a server that hear of new clients and of clients that are gone. */
interface ConnectionParts<Identity extends AnyIdentity, In, Out> {
  readonly clients: Clients<Identity, Out>;
  readonly sweeper: Sweeper;
  readonly drain: Drain;
  readonly topics: Topics<ServerClient<Identity, Out>>;
  readonly watchers: Watchers<ServerClient<Identity, Out>>;
  readonly presence: PresenceStore;
  /** Returns the public data of an identity, as JSON. */
  readonly describe: (identity: Identity) => string | undefined;
  readonly receiver: Receiver<Identity, In, Out>;
  /** A client may begin a session from now on; undefined if the server keeps none. */
  readonly opened: ((client: ServerClient<Identity, Out>) => void) | undefined;
  readonly requests: PlainRequests;
  readonly events: Events<Identity, In, Out>;
  readonly format: Format<In, Out>;
  readonly counters: Counters;
}

/** Adds each admitted client to the parts of the server, and removes it when its socket closes. */
export class Connections<Identity extends AnyIdentity, In, Out> {
  readonly #parts: ConnectionParts<Identity, In, Out>;
  readonly #clients = new WeakMap<WebSocket, ServerClient<Identity, Out>>();
  readonly #listeners: SocketListeners;
  readonly #outlet: Outlet<Out>;

  constructor(parts: ConnectionParts<Identity, In, Out>) {
    this.#parts = parts;
    this.#outlet = new Outlet(parts.format, parts.counters);
    this.#listeners = createListeners(parts.receiver, this.#clients, (client, code, reason) =>
      this.#end(client, code, reason),
    );
  }

  open(admitted: Admitted<Identity>): void {
    const { clients, sweeper, presence, describe, events, counters, opened } = this.#parts;
    const { socket, request } = admitted;
    const client = new ServerClient(admitted, sweeper.now, this.#outlet);
    this.#clients.set(socket, client);
    const { message, ping, pong, error, close } = this.#listeners;
    socket.on('message', message).on('ping', ping).on('pong', pong);
    socket.on('error', error).on('close', close);
    clients.add(client);
    sweeper.start();
    try {
      const joined: unknown = presence.join(
        client.id,
        client.connection,
        describe(client.identity),
      );
      reportRejection(joined, events.report);
    } catch (failure) {
      events.report(failure);
      return client.close(INTERNAL_ERROR, 'The presence store failed.');
    }
    client.isAnnounced = true;
    opened?.(client);
    counters.admitted++;
    events.emit('connection', client, request);
  }

  #end(client: ServerClient<Identity, Out>, code: number, reason: string): void {
    const { clients, sweeper, drain, topics, watchers, presence, requests, events } = this.#parts;
    clients.remove(client);
    if (clients.all.size === 0) sweeper.stop();
    drain.forget(client);
    watchers.remove(client);
    client.delivery?.ended();
    requests.ended(client);
    try {
      topics.unsubscribeAll(client);
      const left: unknown = presence.leave(client.id, client.connection, client.hasLeft);
      reportRejection(left, events.report);
    } catch (error) {
      events.report(error);
    }
    const [endCode, endReason] = client.closedWith ?? [code, reason];
    if (client.isAnnounced) events.emit('disconnection', client, endCode, endReason);
  }
}

/** The listeners of a socket. `this` is the socket. */
interface SocketListeners {
  message(this: WebSocket, data: RawData, isBinary: boolean): void;
  ping(this: WebSocket): void;
  pong(this: WebSocket): void;
  error(this: WebSocket, error: Error): void;
  close(this: WebSocket, code: number, reason: Buffer): void;
}

/** Makes the listeners of all sockets. If each socket had its own five, a client would take 300 bytes more. */
function createListeners<Identity extends AnyIdentity, In, Out>(
  receiver: Receiver<Identity, In, Out>,
  clients: WeakMap<WebSocket, ServerClient<Identity, Out>>,
  end: (client: ServerClient<Identity, Out>, code: number, reason: string) => void,
): SocketListeners {
  const withClient = (socket: WebSocket, act: (client: ServerClient<Identity, Out>) => void) => {
    const client = clients.get(socket);
    if (client) act(client);
  };
  function countFrame(this: WebSocket): void {
    withClient(this, (client) => receiver.countFrame(client));
  }
  return {
    message(data, isBinary) {
      withClient(this, (client) => receiver.receive(client, data as Buffer, isBinary));
    },
    ping: countFrame,
    pong: countFrame,
    error(error) {
      // The `close` event that follows has the code 1006, even if ws has closed the socket with another one.
      withClient(this, (client) => (client.closedWith ??= closeOfError(error)));
    },
    close(code, reason) {
      withClient(this, (client) => end(client, code, String(reason)));
    },
  };
}
