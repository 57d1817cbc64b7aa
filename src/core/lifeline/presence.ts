import type { Host } from '../extensions/extension.ts';
import { tryCall } from '../platform/emitter.ts';
import { isPong } from './lifeline.ts';
import { readPresenceFrame } from './presence-frame.ts';
import type { PresenceFrame } from './presence-frame.ts';
import type { ClientLifelineFrame } from '../protocol/frames.ts';
import { writeLifelineFrame } from '../protocol/frames.ts';

/** Who is online or, with a topic, who is subscribed to it, as the server of a connection reports it. */
export interface Presence {
  /** Returns the visible ids. It is the same list until it changes, and null until the server has told a whole one. */
  list(topic?: string): readonly string[] | null;
  /** Whether an id is in the list; null until the server has told one. */
  isOnline(id: string, topic?: string): boolean | null;
  /** Returns the public data of an id that is in the list; null if there are none. */
  data(id: string, topic?: string): unknown;
  /**
   * Subscribes to presence at the server, and calls the listener after each change. Returns the function that ends it.
   *
   * @throws Error if the `heartbeat` option of the connection is not `lifeline()`.
   */
  watch(listener: () => void, topic?: string): () => void;
}

/** The extension that makes the {@link Presence} of a connection. It detaches after its last listener. */
export const presence: {
  <In, Out>(host: Host<In, Out>): Presence;
  readonly key: symbol;
} = Object.assign(createPresence, { key: Symbol('presence') });

/** The ids in a list, each with its public data. A Map and not an object, because an id may be any string. */
type Ids = ReadonlyMap<string, unknown>;

/** What is known of one topic, or of everybody. */
interface Entry {
  readonly watchers: Set<() => void>;
  ids: Ids | null;
  list: readonly string[] | null;
  /** The list that comes in parts, until it is complete. */
  parts: Ids | null;
  /** Whether the server was asked on this link. */
  isWatching: boolean;
  /** Whether it has answered on this link. */
  isTold: boolean;
  lingerTimer?: unknown;
}

function createPresence<In, Out>(host: Host<In, Out>): Presence {
  const { clock, settings, on, sendFrame } = host;
  const entries = new Map<string | undefined, Entry>();

  const send = (lifeline: 'watch' | 'unwatch', topic?: string) =>
    sendFrame(writeLifelineFrame({ lifeline, topic } as ClientLifelineFrame));

  /** Asks the server of a link, which has told nothing yet. */
  function ask(entry: Entry, topic?: string): void {
    entry.parts = null;
    entry.isTold = false;
    entry.isWatching = entry.watchers.size > 0 && send('watch', topic);
  }

  on('link', () => {
    // The last known lists stay until the server sends new ones.
    for (const [topic, entry] of entries) ask(entry, topic);
  });
  on('scope', () => {
    for (const entry of entries.values()) setIds(entry, null);
  });
  on('control', (text) => {
    const frame = entries.size > 0 ? readPresenceFrame(text as string) : null;
    const entry = frame && entries.get(frame.topic);
    if (entry?.isWatching) apply(entry, frame as PresenceFrame);
  });

  return {
    list: (topic) => entries.get(topic)?.list ?? null,
    isOnline: (id, topic) => entries.get(topic)?.ids?.has(id) ?? null,
    data: (id, topic) => entries.get(topic)?.ids?.get(id) ?? null,
    watch(listener, topic) {
      if (settings().heartbeat.pong !== isPong)
        throw new Error('usePresence() needs heartbeat={lifeline()} on its connection.');
      const entry = entries.get(topic) ?? {
        watchers: new Set(),
        ids: null,
        list: null,
        parts: null,
        isWatching: false,
        isTold: false,
      };
      entries.set(topic, entry);
      const watcher = () => listener();
      entry.watchers.add(watcher);
      clock.clearTimeout(entry.lingerTimer);
      if (!entry.isWatching) ask(entry, topic);
      return () => {
        if (!entry.watchers.delete(watcher) || entry.watchers.size > 0) return;
        entry.lingerTimer = clock.setTimeout(() => {
          entries.delete(topic);
          // A server that does not know topics has not answered, and would take this for the end of the whole watch.
          if (entry.isWatching && (topic === undefined || entry.isTold)) send('unwatch', topic);
          if (entries.size === 0) host.detach();
        }, settings().linger);
      };
    },
  };
}

/** Applies a frame of the server. */
function apply(entry: Entry, { lifeline, ids, more, data }: PresenceFrame): void {
  entry.isTold = true;
  if (lifeline === 'unwatch') return setIds(entry, null);
  const before = lifeline === 'presence' ? new Map() : (entry.parts ?? entry.ids);
  // A change of a list that is not known says nothing.
  if (!before) return;
  const next = new Map<string, unknown>(before);
  for (const id of ids)
    if (lifeline === 'offline') next.delete(id);
    else next.set(id, sameIfEqual(entry.ids?.get(id), data.get(id)));
  // A list in parts counts when it is complete.
  const isPart = more || (lifeline === 'offline' && entry.parts !== null);
  entry.parts = isPart ? next : null;
  if (!isPart) setIds(entry, next);
}

/** Returns the value that is known if the new one is equal, so that nothing renders for it. Both are from JSON. */
const sameIfEqual = (known: unknown, next: unknown): unknown =>
  JSON.stringify(known) === JSON.stringify(next) ? known : next;

/** Sets what is known, and calls the watchers if it has changed. */
function setIds(entry: Entry, next: Ids | null): void {
  const before = entry.ids;
  entry.ids = next;
  const isSameList = before?.size === next?.size && (entry.list ?? []).every((id) => next?.has(id));
  if (!isSameList) entry.list = next && [...next.keys()];
  else if (!next || [...next].every(([id, data]) => data === before?.get(id))) return;
  for (const watcher of entry.watchers) tryCall(watcher);
}
