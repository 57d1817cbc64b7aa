import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { UNAUTHENTICATED } from '../core/protocol/close-codes.ts';
import { Admission } from './admission/admission.ts';
import { Places } from './admission/places.ts';
import { listenForUpgrades } from './admission/upgrades.ts';
import { Broadcaster } from './broadcasts/broadcaster.ts';
import type { Topics } from './broadcasts/topics.ts';
import type { AnyIdentity, Client, ServerClient } from './clients/client.ts';
import { Clients } from './clients/clients.ts';
import { checkClose, refuseWith } from './clients/refuse-with.ts';
import { Drain } from './clients/drain.ts';
import { Sweeper } from './clients/sweeper.ts';
import { Connections } from './connections.ts';
import { Events, type ServerEvents, type ServerListener } from './events.ts';
import { LifelineHandler } from './lifeline-handler.ts';
import { createDelivery } from './delivery.ts';
import { createFormat, type Format, type RawIn, type RawOut } from './messages/format.ts';
import { checkOptions } from './checks/check-options.ts';
import { describe as describeValue } from './checks/describe.ts';
import type { ServerOptions } from './options/options.ts';
import { resolveOptions, type Settings } from './options/settings.ts';
import { createPresence, type ServerPresence } from './server-presence.ts';
import { Receiver } from './receiver.ts';
import { withRejectionsReported } from './checks/rejections.ts';
import { createSessionApp } from './session-app.ts';
import { PlainRequests } from './sessions/plain-requests.ts';
import { Shutdown } from './shutdown.ts';
import {
  type Counters,
  countRefusal,
  createCounters,
  readStats,
  type ServerStats,
} from './stats/stats.ts';

/** The options of `broadcast()`: which clients get the message. */
export interface BroadcastOptions<Identity extends AnyIdentity = string, Out = RawOut> {
  /** Send only to the clients that are subscribed to this topic. @defaultValue all clients */
  readonly topic?: string | undefined;
  /** A client that does not get the message, such as its sender. @defaultValue none */
  readonly except?: Client<Identity, Out> | undefined;
}

/**
 * A WebSocket server that answers heartbeats, keeps presence and sends broadcasts. `In` and `Out`: the messages that arrive and
 * those that can be sent. They are those of the `codec`.
 */
export interface LifelineServer<Identity extends AnyIdentity = string, In = RawIn, Out = RawOut> {
  /** The clients that are connected to this server. */
  readonly clients: ReadonlySet<Client<Identity, Out>>;
  /** Which identities are online, and which are in a topic, on all servers that share the presence store. */
  readonly presence: ServerPresence;
  /** The number of malformed lifeline frames so far. They are ignored; a ping with an invalid id still gets its pong. */
  readonly malformed: number;
  /** Adds a listener. Returns the function that removes it. */
  on<Type extends keyof ServerEvents>(
    type: Type,
    listener: ServerListener<Type, Identity, In, Out>,
  ): () => void;
  /** What the server counts, for a page of metrics: a new object for each call. It asks `presence` for the list once. */
  stats(): ServerStats;
  /** Answers an upgrade request of your own HTTP server. It does not check the path. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Sends a message to the clients of this server and, with the `broadcasts` option, to those of all other servers. It is
   * encoded once.
   *
   * @returns What may be awaited: with a topic and a `history`, it resolves when the message is recorded, so that clients with a session get it also if they are away, or when none can
   * ask for it. It rejects if the message is not recorded, as far as the server knows. If nobody awaits it, that is an `error` event. Otherwise it resolves at once.
   * @throws What `codec.encode()` throws. TypeError for a message that is neither text nor binary data, and for an unknown
   * option.
   */
  broadcast(message: Out, options?: BroadcastOptions<Identity, Out>): PromiseLike<void>;
  /**
   * Sends a message to all connections of an identity, on all servers with the `broadcasts` option. With a `history`, its clients that
   * have a session get it also if they are away now.
   *
   * @param id - The id of the identity, as in `client.id`.
   * @returns What may be awaited, as for a broadcast with a topic.
   * @throws What `codec.encode()` throws. TypeError for a message that is neither text nor binary data, and for an id that is not a text.
   */
  sendTo(id: string, message: Out): PromiseLike<void>;
  /**
   * Subscribes a client to a topic: it gets broadcasts with this topic until it disconnects, its identity is in the topic, and
   * it may watch who else is.
   *
   * A client with a session then gets what it has missed in the topic, or is told of a gap, if the server has a `history`.
   *
   * @param topic - A text of 1 to 256 UTF-16 code units.
   * @param options - With `replay: false`, it gets only what is said from now on: for a client that was not allowed to hear the rest.
   * @returns False if the client is disconnected or has 1,000 topics already, or the topic is not valid.
   */
  subscribe(
    client: Client<Identity, Out>,
    topic: string,
    options?: { readonly replay?: boolean | undefined },
  ): boolean;
  /** Unsubscribes a client from a topic. If no other client of its identity is subscribed, it has left the topic at once. */
  unsubscribe(client: Client<Identity, Out>, topic: string): void;
  /**
   * Closes all connections of an identity, on this server and, with the `broadcasts` option, on all others. Make sure first
   * that `authenticate` no longer admits it, or its clients come back. While Redis is away, it reaches only this server.
   *
   * @param id - The id of the identity, as in `client.id`.
   * @param code - A client of this library answers 4401, the default, and 4403 with one more attempt with a fresh url. Others
   * are 1008, 1013 and 3000 to 4999.
   * @param reason - A text of at most 123 bytes in UTF-8. Empty by default.
   * @throws RangeError if the code or the reason is not valid. TypeError if the id is not a text.
   */
  disconnect(id: string, code?: number, reason?: string): void;
  /**
   * Stops the server. New clients are refused with 503. Connected clients are closed with 1012, evenly spread over `drain`
   * milliseconds (0 by default), so that they do not all reconnect at the same moment. A client that does not answer is
   * terminated after 3 to 4 s. Message handlers of sessions that run are waited for, for at most `handlerTimeout`. A second call with
   * a `drain` that ends earlier shortens the first one.
   *
   * @returns A promise that resolves when all clients are gone, and the presence store and the broadcast channel have
   * stopped. It rejects with a TypeError if `drain` is not a number from 0 to 2147483647, or an option is unknown.
   */
  close(options?: { readonly drain?: number | undefined }): Promise<void>;
}

/**
 * Makes a WebSocket server for clients with the heartbeat `lifeline()` or the default heartbeat.
 *
 * @throws TypeError if an option is unknown or not valid; the message names the option. Error if the presence store or
 * the broadcast channel already belongs to another server.
 * @example
 * ```ts
 * const server = createLifelineServer({ port: 8080, origins: ['https://example.com'] });
 * server.on('message', (client, data) => server.broadcast(data, { except: client }));
 * server.on('error', (error) => console.error(error));
 * ```
 */
export function createLifelineServer<
  Identity extends AnyIdentity = string,
  In = RawIn,
  Out = RawOut,
>(options: ServerOptions<Identity, In, Out> = {}): LifelineServer<Identity, In, Out> {
  const events = new Events<Identity, In, Out>();
  const settings = withRejectionsReported(resolveOptions(options), events.report);
  const { presence } = settings;
  const counters = createCounters();
  const format = createFormat(settings.codec);
  const shared = { format, counters, events };
  const clients = new Clients<Identity, Out>(settings.maxConnectionsPerIdentity);
  const sweeper = new Sweeper(clients.all, settings, counters);
  const drain = new Drain(clients.all);
  const { topics, watchers, api, describe, start } = createPresence(settings, events);
  const broadcaster = new Broadcaster(clients.all, topics, settings.broadcasts, counters);
  const app = createSessionApp({ ...shared, settings });
  const requests = new PlainRequests(app);
  const lifeline = new LifelineHandler(watchers, requests, counters);
  const receiver = new Receiver({ ...shared, settings, clock: sweeper, presence, lifeline });
  const delivery = createDelivery({ ...shared, settings, app, receiver, broadcaster });
  const connections = new Connections({
    clients,
    sweeper,
    drain,
    topics,
    watchers,
    presence,
    describe,
    receiver,
    opened: delivery.opened,
    requests,
    ...shared,
  });
  start();
  delivery.start();
  const { admission, stopListening } = startAdmission(settings, connections, events, counters);
  startBroadcasts(broadcaster, clients, admission, events.report);
  const shutdown = new Shutdown({
    admission,
    clients,
    drain,
    watchers,
    presence,
    broadcaster,
    delivery,
    stopListening,
  });

  return {
    clients: clients.all,
    presence: api,
    get malformed() {
      return counters.malformed;
    },
    on: (type, listener) => events.on(type, listener),
    stats: () =>
      readStats(counters, {
        connections: clients.all.size,
        online: presence.list().length,
        sessions: delivery.size,
      }),
    handleUpgrade: (request, socket, head) => admission.handleUpgrade(request, socket, head),
    ...createMessaging(clients.all, topics, broadcaster, format),
    disconnect(id, code = UNAUTHENTICATED, reason = '') {
      checkId('disconnect()', id);
      checkClose('disconnect()', code, reason);
      broadcaster.disconnect({ id, code, reason });
    },
    async close(closeOptions = {}) {
      checkOptions(closeOptions, ['drain'], 'close()');
      const { drain: period = 0 } = closeOptions;
      await shutdown.close(period);
    },
  };
}

/** The functions that send to many clients, and say who gets what. */
function createMessaging<Identity extends AnyIdentity, In, Out>(
  clients: ReadonlySet<ServerClient<Identity, Out>>,
  topics: Topics<ServerClient<Identity, Out>>,
  broadcaster: Broadcaster<Identity>,
  format: Format<In, Out>,
): Pick<LifelineServer<Identity, In, Out>, 'broadcast' | 'sendTo' | 'subscribe' | 'unsubscribe'> {
  return {
    broadcast(message, options = {}) {
      // With a misspelt `topic`, all clients would get what is for a few.
      checkOptions(options, ['topic', 'except'], 'broadcast()');
      const { topic, except } = options;
      const encoded = format.encode(message);
      return broadcaster.broadcast({ message: encoded, topic, except: nameOf(except) });
    },
    sendTo(id, message) {
      checkId('sendTo()', id);
      return broadcaster.sendTo({ id, message: format.encode(message) });
    },
    subscribe(client, topic, options = {}) {
      checkOptions(options, ['replay'], 'subscribe()');
      const subscriber = client as ServerClient<Identity, Out>;
      if (!clients.has(subscriber) || !topics.subscribe(subscriber, topic)) return false;
      subscriber.delivery?.subscribed(topic, options.replay ?? true);
      return true;
    },
    unsubscribe(client, topic) {
      const subscriber = client as ServerClient<Identity, Out>;
      topics.unsubscribe(subscriber, topic);
      subscriber.delivery?.unsubscribed(topic);
    },
  };
}

/** @throws TypeError if an id is not a text; the message names the function. */
function checkId(name: string, id: unknown): void {
  if (typeof id !== 'string')
    throw new TypeError(`${name} takes the id of an identity, not ${describeValue(id)}.`);
}

/** The name by which a client does not get its own broadcasts: that of its outbox, which outlives its connection, if it has one. */
function nameOf<Identity extends AnyIdentity, Out>(
  client: Client<Identity, Out> | undefined,
): string | undefined {
  const { delivery = null, connection } = (client ?? {}) as Partial<ServerClient<Identity, Out>>;
  return delivery?.exceptedAs() ?? connection;
}

/** Starts to take upgrades. */
function startAdmission<Identity extends AnyIdentity, In, Out>(
  settings: Settings<Identity, In, Out>,
  connections: Connections<Identity, In, Out>,
  events: Events<Identity, In, Out>,
  counters: Counters,
): { readonly admission: Admission<Identity>; readonly stopListening: () => Promise<void> } {
  const places = new Places(settings.maxConnections, () => counters.full++);
  const admission = new Admission(settings, places, {
    admitted: (admitted) => connections.open(admitted),
    refused(refusal, request) {
      countRefusal(counters, refusal.code ?? refusal.status);
      events.emit('refusal', refusal, request);
    },
    error: events.report,
  });
  const stopListening = listenForUpgrades(settings, places, {
    upgrade: (request, socket, head) => admission.handleUpgrade(request, socket, head),
    refused: (request, answer) => admission.tell(request, answer),
    listening: (port) => events.emit('listening', port),
    cannotListen: (error) => events.reportFatal(error),
    error: events.report,
  });
  return { admission, stopListening };
}

/** Starts to exchange broadcasts with other servers. */
function startBroadcasts<Identity extends AnyIdentity, Out>(
  broadcaster: Broadcaster<Identity>,
  clients: Clients<Identity, Out>,
  admission: Admission<Identity>,
  report: (error: unknown) => void,
): void {
  broadcaster.start({
    clientsOf: (id) => clients.of(id),
    disconnect({ id, code, reason }) {
      clients.close(id, code, reason);
      admission.disconnect(id, refuseWith(code, reason));
    },
    error: report,
  });
}
