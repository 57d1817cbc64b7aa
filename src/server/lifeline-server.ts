import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { POLICY_VIOLATION } from '../core/protocol/close-codes.ts';
import { PING, PONG, writeWord } from '../core/protocol/words.ts';
import { identify, isWelcome, refuse } from './admission/admission.ts';
import { attach } from './admission/upgrades.ts';
import { type AnyIdentity, type Client, ServerClient } from './clients/client.ts';
import { Clients } from './clients/clients.ts';
import { Events, type ServerEvents, type ServerListener } from './events.ts';
import type { ServerOptions } from './options/options.ts';
import { isPeriod, MAX_PERIOD } from './limits/period.ts';
import type { Broadcast, PresenceStore } from './presence/store.ts';
import { take } from './limits/rate.ts';
import { resolveOptions } from './options/settings.ts';
import { Topics } from './broadcasts/topics.ts';
import { Watchers } from './presence/watchers.ts';
import { isLifelineFrame, readWord } from './protocol/lifeline-frame.ts';

const ignore = () => {};

/** Who gets a broadcast. */
export interface BroadcastOptions<Identity extends AnyIdentity = string> {
  /** Only those who are subscribed to it. @defaultValue all clients */
  readonly topic?: string | undefined;
  /** A client that does not get it, such as the one that sent it. */
  readonly except?: Client<Identity> | undefined;
}

/** The other end of the heartbeat, and the home of presence. */
export interface LifelineServer<Identity extends AnyIdentity = string> {
  /** Those that are connected to this server now. */
  readonly clients: ReadonlySet<Client<Identity>>;
  /** Who is online, on all servers that share the presence store. */
  readonly presence: Pick<PresenceStore, 'isOnline' | 'list' | 'lastSeen'>;
  /** How many lifeline frames were malformed: ignored, or a probe that was answered without regard to its id. */
  readonly malformed: number;
  /** Adds a listener and returns the function that removes it. */
  on<Type extends keyof ServerEvents>(
    type: Type,
    listener: ServerListener<Type, Identity>,
  ): () => void;
  /** Answers an upgrade request, whatever its path. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends a message to the clients of this server and, with `broadcasts`, to those of all others. */
  broadcast(message: string | Uint8Array, options?: BroadcastOptions<Identity>): void;
  /**
   * Makes a client get the broadcasts of a topic, until it is gone.
   *
   * @returns false where it is gone already, has 1,000 topics, or the topic has more than 256 UTF-16 code units or none.
   */
  subscribe(client: Client<Identity>, topic: string): boolean;
  /** Ends a subscription. */
  unsubscribe(client: Client<Identity>, topic: string): void;
  /**
   * Refuses newcomers with 503 and closes all clients with 1012, evenly spread over `drain` milliseconds (0 by default),
   * so that they do not come back all at once. A client that does not answer is terminated after 3 to 4 s. Called again
   * with a drain that ends sooner, it hurries.
   *
   * @returns A promise that is fulfilled when all clients are gone, those being authenticated are refused, and the
   * presence store and the channel have stopped.
   * @throws TypeError where `drain` is no number from 0 to 2147483647; as a rejection.
   */
  close(options?: { readonly drain?: number | undefined }): Promise<void>;
}

/**
 * Makes a {@link LifelineServer}.
 *
 * @throws TypeError that names the option that is wrong or unknown; Error where a store or channel is another server's.
 */
export function createLifelineServer<Identity extends AnyIdentity = string>(
  options: ServerOptions<Identity> = {},
): LifelineServer<Identity> {
  const settings = resolveOptions(options);
  const { authenticate, broadcasts, presence, rate, visible } = settings;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: settings.maxPayload,
  });
  const events = new Events<Identity>();
  const clients = new Clients<Identity>(settings);
  const topics = new Topics<ServerClient<Identity>>();
  const watchers = new Watchers<ServerClient<Identity>>(
    () => presence.list(),
    visible && isVisible,
  );
  let malformed = 0;
  let authenticating = 0;
  /** The upgrades that are not decided on yet. */
  const admissions = new Set<Promise<void>>();
  let closed: Promise<void> | undefined;

  async function admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // It may break at any time; from the upgrade on, ws listens.
    socket.on('error', ignore);
    if (!isAllowed(request)) return refuse(socket, 403);
    if (closed || clients.all.size + authenticating >= settings.maxConnections)
      return refuse(socket, 503);
    const connection = randomUUID();
    const identity = authenticate
      ? await whoMakes(request, authenticate)
      : // Without authenticate, the identity is of type string.
        (connection as AnyIdentity as Identity);
    if (identity === null) return refuse(socket, 401);
    if (closed) return refuse(socket, 503);
    sockets.handleUpgrade(request, socket, head, (opened) => {
      socket.off('error', ignore);
      welcome(new ServerClient(opened, identity, connection, clients.now), request);
    });
  }

  function isAllowed(request: IncomingMessage): boolean {
    try {
      return isWelcome(request, settings.origins);
    } catch (error) {
      events.report(error);
      return false;
    }
  }

  async function whoMakes(
    request: IncomingMessage,
    ask: NonNullable<typeof authenticate>,
  ): Promise<Identity | null> {
    authenticating++;
    try {
      return await identify(request, ask, settings.authenticateTimeout);
    } catch (error) {
      events.report(error);
      return null;
    } finally {
      authenticating--;
    }
  }

  function welcome(client: ServerClient<Identity>, request: IncomingMessage): void {
    const { socket, id, connection } = client;
    socket.on('message', (data, binary) => receive(client, data as Buffer, binary));
    socket.on('ping', () => hear(client));
    socket.on('pong', () => hear(client));
    socket.on('error', ignore); // its close code tells
    socket.on('close', (code, reason) => {
      clients.remove(client);
      topics.leave(client);
      watchers.unwatch(client);
      presence.leave(id, connection);
      events.emit('disconnection', client, code, String(reason));
    });
    clients.add(client, settings.maxConnectionsPerIdentity);
    presence.join(id, connection);
    events.emit('connection', client, request);
  }

  /** Notes a sign of life, and whether the frame counts: not one too many, and not one of a client that is let go. */
  function hear(client: ServerClient<Identity>): boolean {
    if (!client.isOpen) return false;
    client.heardAt = clients.now;
    presence.seen(client.id, client.connection);
    if (!rate) return true;
    const restoredAt = take(client.restoredAt, performance.now(), rate);
    if (restoredAt === null) client.close(POLICY_VIOLATION, 'Too many messages.');
    else client.restoredAt = restoredAt;
    return restoredAt !== null;
  }

  function receive(client: ServerClient<Identity>, data: Buffer, binary: boolean): void {
    if (!hear(client)) return;
    if (binary) return events.emit('message', client, data);
    const text = String(data);
    if (text === PING) client.send(PONG);
    else if (isLifelineFrame(text)) obey(client, text);
    else events.emit('message', client, text);
  }

  function obey(client: ServerClient<Identity>, text: string): void {
    const { word, isMalformed } = readWord(text);
    if (isMalformed) malformed++;
    if (word?.lifeline === 'watch') watchers.watch(client);
    else if (word?.lifeline === 'unwatch') watchers.unwatch(client);
    else if (word) {
      client.name = word.id ?? null;
      client.send(writeWord({ lifeline: 'pong', timestamp: word.timestamp }));
    }
  }

  function isVisible(viewer: Client<Identity>, id: string): boolean {
    try {
      // Strictly: a promise is true enough to show everybody.
      return visible?.(viewer, id) === true;
    } catch (error) {
      events.report(error);
      return false;
    }
  }

  function deliver({ message, topic, except }: Broadcast): void {
    const binary = typeof message !== 'string';
    // One for all; a copy of what the application may change before the last client has read it.
    const data = Buffer.from(message);
    for (const client of topic === undefined ? clients.all : topics.of(topic))
      if (client.isOpen && client.connection !== except) client.socket.send(data, { binary });
  }

  async function end(): Promise<void> {
    await Promise.all([clients.gone(), ...admissions]);
    watchers.stop();
    await detach();
    await Promise.all([presence.stop(), broadcasts?.stop()]);
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const admission: Promise<void> = admit(request, socket, head)
      .catch(events.report)
      .finally(() => admissions.delete(admission));
    admissions.add(admission);
  }
  const change = (type: 'online' | 'offline') => (id: string) => {
    watchers.changed(id, type === 'online');
    events.emit(type, id);
  };
  presence.start({ online: change('online'), offline: change('offline'), error: events.report });
  broadcasts?.start({ deliver, error: events.report });
  const detach = attach(
    settings,
    handleUpgrade,
    (port) => events.emit('listening', port),
    events.report,
  );

  return {
    clients: clients.all,
    presence,
    get malformed() {
      return malformed;
    },
    on: (type, listener) => events.on(type, listener),
    handleUpgrade,
    broadcast(message, { topic, except } = {}) {
      const broadcast = { message, topic, except: except?.connection };
      deliver(broadcast);
      broadcasts?.publish(broadcast);
    },
    subscribe: (client, topic) => {
      const ours = client as ServerClient<Identity>;
      return clients.all.has(ours) && topics.subscribe(ours, topic);
    },
    unsubscribe: (client, topic) => topics.unsubscribe(client as ServerClient<Identity>, topic),
    async close({ drain = 0 } = {}) {
      if (!isPeriod(drain))
        throw new TypeError(
          `drain must be a number of milliseconds from 0 to ${MAX_PERIOD}, not ${String(drain)}.`,
        );
      clients.drain(drain);
      await (closed ??= end());
    },
  };
}
