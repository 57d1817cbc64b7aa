import type { ClientLifelineFrame, ServerLifelineFrame } from '../core/protocol/frames.ts';

/** A topic; undefined stands for everybody who is online. */
type Topic = string | undefined;

/** Ids, each with its public data; undefined for none. */
type Rows = ReadonlyMap<string, unknown>;

/** A client, as presence sees it. */
export interface Watcher {
  readonly id: string;
  readonly isOpen: boolean;
  sendLifeline(frame: ServerLifelineFrame): void;
}

/** The options of `server.setPresence()`. */
export interface SetPresenceOptions {
  /** The topic whose subscribers these are. @defaultValue everybody who is online */
  readonly topic?: string | undefined;
  /** The public data of some of the ids, for `usePresenceData()`. @defaultValue none */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** The part of a test server that answers who is online. */
export interface TestPresence<Client extends Watcher> {
  /** Says who is online, or in a topic, and tells those who watch. */
  set(ids: readonly string[], options?: SetPresenceOptions): void;
  /** A client has asked, or asks no longer. */
  handle(client: Client, frame: Partial<ClientLifelineFrame>): void;
  /** Tells all who watch what has changed. */
  tell(): void;
}

/**
 * Makes the presence of a test server.
 *
 * @param clients - Returns the open clients. They are who is online until the test says something else.
 */
export function createTestPresence<Client extends Watcher>(
  clients: () => readonly Client[],
): TestPresence<Client> {
  const lists = new Map<Topic, Rows>();
  /** What each client watches, and what it was told of it; null before the first list. */
  const watches = new WeakMap<Client, Map<Topic, Rows | null>>();

  const rowsOf = (topic: Topic): Rows | undefined =>
    lists.get(topic) ??
    (topic === undefined ? new Map(clients().map(({ id }) => [id, undefined])) : undefined);

  function tellOne(client: Client, topic: Topic, known: Rows | null): void {
    const rows = rowsOf(topic);
    if (!rows) return;
    watches.get(client)?.set(topic, rows);
    for (const frame of known ? changes(known, rows) : [listOf(client.id, rows)])
      client.sendLifeline({ ...frame, ...(topic !== undefined && { topic }) });
  }

  function tell(): void {
    for (const client of clients())
      for (const [topic, known] of watches.get(client) ?? []) tellOne(client, topic, known);
  }

  return {
    set(ids, { topic, data = {} } = {}) {
      const entries = new Map(Object.entries(data));
      lists.set(topic, new Map(ids.map((id) => [id, entries.get(id)])));
      tell();
    },
    handle(client, frame) {
      if (frame.lifeline !== 'watch' && frame.lifeline !== 'unwatch') return;
      const watched = watches.get(client) ?? new Map<Topic, Rows | null>();
      watches.set(client, watched);
      watched.delete(frame.topic);
      if (frame.lifeline === 'unwatch') return;
      watched.set(frame.topic, null);
      tellOne(client, frame.topic, null);
    },
    tell,
  };
}

const dataOf = (rows: Rows, ids: readonly string[]) => {
  const told = ids.filter((id) => rows.get(id) !== undefined);
  return told.length > 0 && { data: Object.fromEntries(told.map((id) => [id, rows.get(id)])) };
};

const listOf = (id: string, rows: Rows): ServerLifelineFrame => {
  const online = [...rows.keys()];
  return { lifeline: 'presence', id, online, ...dataOf(rows, online) };
};

/** The frames that tell of the difference between two lists. */
function* changes(before: Rows, now: Rows): Iterable<ServerLifelineFrame> {
  const isKnown = (id: string) => before.has(id) && Object.is(before.get(id), now.get(id));
  const ids = [...now.keys()].filter((id) => !isKnown(id));
  const gone = [...before.keys()].filter((id) => !now.has(id));
  if (ids.length > 0) yield { lifeline: 'online', ids, ...dataOf(now, ids) };
  if (gone.length > 0) yield { lifeline: 'offline', ids: gone };
}
