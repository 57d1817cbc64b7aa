import type { SubscriptionListener } from './broadcasts/topics.ts';
import { Topics } from './broadcasts/topics.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Events } from './events.ts';
import type { Settings } from './options/settings.ts';
import { reportRejection } from './checks/rejections.ts';
import { readPublicData } from './presence/public-data.ts';
import type { PresenceStore } from './presence/store.ts';
import { withErrorsReported } from './presence/visibility.ts';
import { Watchers } from './presence/watchers.ts';

/** Which identities are online, and which are in a topic, on all servers that share the presence store. */
export interface ServerPresence {
  /** Whether an identity is online. */
  isOnline(id: string): boolean;
  /** Whether an identity is in a topic; null while a store that servers share does not know it. */
  isOnline(id: string, topic: string): boolean | null;
  /** Returns the ids of all identities that are online. */
  list(): string[];
  /**
   * Returns the ids of all identities in a topic: those with a subscribed connection, or whose last one was lost less than
   * the grace period ago. Null while a store that servers share does not know it.
   *
   * @throws Error if the presence store keeps no topics.
   */
  list(topic: string): string[] | null;
  /** Returns when the last sign of life of an identity came: see `PresenceStore`. */
  lastSeen(id: string): Promise<number | null>;
}

/** The parts of a server that keep presence. */
export interface PresenceParts<Identity extends AnyIdentity, Out> {
  readonly topics: Topics<ServerClient<Identity, Out>>;
  readonly watchers: Watchers<ServerClient<Identity, Out>>;
  /** The member `presence` of the server. */
  readonly api: ServerPresence;
  /** Returns the public data of an identity, as JSON. */
  readonly describe: (identity: Identity) => string | undefined;
  /** Starts the store. */
  start(): void;
}

const NO_TOPICS =
  'The presence store keeps no topics, so nobody can ask who is in one: use a store with topics, such as memoryPresence() or redisPresence().';

/** Connects the presence store with the clients that watch it. */
export function createPresence<Identity extends AnyIdentity, In, Out>(
  { presence: store, visible, describe }: Settings<Identity, In, Out>,
  events: Events<Identity, In, Out>,
): PresenceParts<Identity, Out> {
  const { report } = events;
  const topics = new Topics(subscriptionListener());
  let isReported = false;
  /** An error of the store must not end what the server does for a client. */
  function guard<Result>(call: () => Result): Result | null {
    try {
      const result = call();
      reportRejection(result, report);
      return result;
    } catch (error) {
      report(error);
      return null;
    }
  }

  const watchers = new Watchers<ServerClient<Identity, Out>>(
    {
      list: (topic) =>
        guard(() => (topic === undefined ? checkList(store.list(), report) : listOf(topic))),
      dataOf: (id) => guard(() => store.dataOf?.(id)) ?? undefined,
      isSubscribed: (client, topic) => topics.isSubscribed(client, topic),
      isFollowed: (topic) => topics.hasClients(topic),
      watched(topic, isWatched) {
        guard(() => (isWatched ? store.topics?.watch?.(topic) : store.topics?.unwatch?.(topic)));
      },
    },
    visible && withErrorsReported(visible, report),
  );

  function listOf(topic: string): string[] | null {
    if (store.topics) return checkList(store.topics.list(topic), report);
    if (!isReported) report(new Error(NO_TOPICS));
    isReported = true;
    return null;
  }

  function subscriptionListener(): SubscriptionListener<ServerClient<Identity, Out>> {
    return {
      subscribed(client, topic) {
        guard(() => store.topics?.join(topic, client.id, client.connection));
        watchers.subscribed(client, topic);
      },
      unsubscribed(client, topic) {
        watchers.unsubscribed(client, topic);
        // Who is unsubscribed leaves at once; whose connection was lost may come back.
        const isFinal = client.isOpen || client.hasLeft;
        guard(() => store.topics?.leave(topic, client.id, client.connection, isFinal));
      },
    };
  }

  return {
    topics,
    watchers,
    api: createApi(store),
    describe: (identity) => readPublicData(describe, identity, report),
    start() {
      const onChange = (type: 'online' | 'offline') => (id: string) => {
        watchers.addChange(id, type === 'online');
        events.emit(type, id);
      };
      const started: unknown = store.start({
        online: onChange('online'),
        offline: onChange('offline'),
        renewed: (id) => watchers.renew(id),
        error: report,
      });
      reportRejection(started, report);
      const topicsStarted: unknown = store.topics?.start({
        online: (topic, id) => watchers.addChange(id, true, topic),
        offline: (topic, id) => watchers.addChange(id, false, topic),
        known: (topic) => watchers.known(topic),
      });
      reportRejection(topicsStarted, report);
    },
  };
}

/** @throws TypeError if a store of the application returned no list, but a promise perhaps. */
function checkList<List extends string[] | null>(
  list: List,
  report: (error: unknown) => void,
): List {
  if (list === null || Array.isArray(list)) return list;
  reportRejection(list, report);
  throw new TypeError('list() of the presence store returned no list: return one, not a promise.');
}

function createApi(store: PresenceStore): ServerPresence {
  const topics = () => {
    if (!store.topics) throw new Error(NO_TOPICS);
    return store.topics;
  };
  function list(): string[];
  function list(topic: string | undefined): string[] | null;
  function list(topic?: string): string[] | null {
    return topic === undefined ? store.list() : topics().list(topic);
  }
  function isOnline(id: string): boolean;
  function isOnline(id: string, topic: string | undefined): boolean | null;
  function isOnline(id: string, topic?: string): boolean | null {
    return topic === undefined ? store.isOnline(id) : topics().isOnline(topic, id);
  }
  return { isOnline, list, lastSeen: (id) => store.lastSeen(id) };
}
