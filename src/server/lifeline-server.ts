import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Admission } from './admission/admission.ts';
import { listenForUpgrades } from './admission/upgrades.ts';
import { Broadcaster } from './broadcasts/broadcaster.ts';
import { Topics } from './broadcasts/topics.ts';
import type { AnyIdentity, Client, ServerClient } from './clients/client.ts';
import { Clients } from './clients/clients.ts';
import { Drain } from './clients/drain.ts';
import { Sweeper } from './clients/sweeper.ts';
import { Connections } from './connections.ts';
import { Events, type ServerEvents, type ServerListener } from './events.ts';
import { LifelineHandler } from './lifeline-handler.ts';
import type { ServerOptions } from './options/options.ts';
import { resolveOptions } from './options/settings.ts';
import type { PresenceStore } from './presence/store.ts';
import { guardVisibility } from './presence/visibility.ts';
import { Watchers } from './presence/watchers.ts';
import { Receiver } from './receiver.ts';
import { Shutdown } from './shutdown.ts';

/** Who gets a broadcast. */
export interface BroadcastOptions<Identity extends AnyIdentity = string> {
  /** Only those who are subscribed to it. @defaultValue all clients */
  readonly topic?: string | undefined;
  /** A client that does not get it, such as the one that sent it. */
  readonly except?: Client<Identity> | undefined;
}

/** The other end of the heartbeat, and the home of presence. */
export interface LifelineServer<Identity extends AnyIdentity = string> {
  /** The clients that are connected to this server now. */
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
  const { presence, rate, visible } = settings;
  const events = new Events<Identity>();
  const clients = new Clients<Identity>(settings.maxConnectionsPerIdentity);
  const sweeper = new Sweeper(clients.all, settings);
  const drain = new Drain(clients.all);
  const topics = new Topics<ServerClient<Identity>>();
  const broadcaster = new Broadcaster(clients.all, topics, settings.broadcasts);
  const watchers = new Watchers<ServerClient<Identity>>(
    () => presence.list(),
    visible && guardVisibility(visible, events.report),
  );
  const lifeline = new LifelineHandler(watchers);
  const receiver = new Receiver({ rate, clock: sweeper, presence, lifeline, events });
  const connections = new Connections({
    clients,
    sweeper,
    drain,
    topics,
    watchers,
    presence,
    receiver,
    events,
  });
  const admission = new Admission(settings, clients.all, {
    admitted: (admitted) => connections.open(admitted),
    error: events.report,
  });

  const tellPresence = (type: 'online' | 'offline') => (id: string) => {
    watchers.noteChange(id, type === 'online');
    events.emit(type, id);
  };
  presence.start({
    online: tellPresence('online'),
    offline: tellPresence('offline'),
    error: events.report,
  });
  broadcaster.start(events.report);
  const stopListening = listenForUpgrades(settings, {
    upgrade: (request, socket, head) => admission.handleUpgrade(request, socket, head),
    listening: (port) => events.emit('listening', port),
    error: events.report,
  });
  const shutdown = new Shutdown({
    admission,
    clients,
    drain,
    watchers,
    presence,
    broadcaster,
    stopListening,
  });

  return {
    clients: clients.all,
    presence,
    get malformed() {
      return lifeline.malformed;
    },
    on: (type, listener) => events.on(type, listener),
    handleUpgrade: (request, socket, head) => admission.handleUpgrade(request, socket, head),
    broadcast: (message, { topic, except } = {}) =>
      broadcaster.broadcast({ message, topic, except: except?.connection }),
    subscribe(client, topic) {
      const subscriber = client as ServerClient<Identity>;
      return clients.all.has(subscriber) && topics.subscribe(subscriber, topic);
    },
    unsubscribe: (client, topic) => topics.unsubscribe(client as ServerClient<Identity>, topic),
    close: async ({ drain: period = 0 } = {}) => shutdown.close(period),
  };
}
