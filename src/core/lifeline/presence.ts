import type { Host } from '../extensions/extension.ts';
import { guard } from '../platform/emitter.ts';
import { isPong } from './heartbeat.ts';
import { writeWord } from '../protocol/words.ts';

/** Who is online, as the server tells it over a connection. */
export interface Presence {
  /** All who are online and may be seen: the same list until it changes. Empty until the server has told. */
  list(): readonly string[];
  /** Whether somebody is online and may be seen. */
  isOnline(id: string): boolean;
  /**
   * Asks the server, and calls back after each change, until the returned function is called.
   *
   * @throws Error where the heartbeat is no `lifeline()`.
   */
  watch(listener: () => void): () => void;
}

/** The extension that brings {@link Presence} to a connection. While it reconnects, what was last known stays. */
export const presence: {
  <In, Out>(host: Host<In, Out>): Presence;
  readonly key: symbol;
} = Object.assign(createPresence, { key: Symbol('presence') });

function createPresence<In, Out>({ clock, settings, on, sendFrame }: Host<In, Out>): Presence {
  const watchers = new Set<() => void>();
  let online: ReadonlySet<string> = new Set();
  let list: readonly string[] = [];
  /** Whether the server has been asked on this link. */
  let asked = false;
  let timer: unknown;

  function become(next: Iterable<string>): void {
    const before = online;
    online = new Set(next);
    if (online.size === before.size && list.every((id) => online.has(id))) return;
    list = [...online];
    for (const watcher of watchers) guard(watcher);
  }

  function hear({ lifeline, ids }: News): void {
    const named = new Set(ids);
    if (lifeline === 'presence') become(named);
    else if (lifeline === 'online') become([...online, ...named]);
    else become(list.filter((id) => !named.has(id)));
  }

  on('link', () => {
    asked = watchers.size > 0 && sendFrame(writeWord({ lifeline: 'watch' }));
  });
  on('scope', () => become([]));
  on('control', (frame) => {
    const news = asked ? read(frame as string) : null;
    if (news) hear(news);
  });

  return {
    list: () => list,
    isOnline: (id) => online.has(id),
    watch(listener) {
      if (settings().heartbeat.pong !== isPong)
        throw new Error('usePresence() needs heartbeat={lifeline()} on its connection.');
      const watcher = () => listener();
      watchers.add(watcher);
      clock.clearTimeout(timer);
      asked ||= sendFrame(writeWord({ lifeline: 'watch' }));
      return () => {
        if (!watchers.delete(watcher) || watchers.size > 0) return;
        timer = clock.setTimeout(() => {
          if (asked) sendFrame(writeWord({ lifeline: 'unwatch' }));
          asked = false;
          become([]);
        }, settings().linger);
      };
    },
  };
}

interface News {
  readonly lifeline: 'presence' | 'online' | 'offline';
  readonly ids: readonly string[];
}

/** Reads what a server tells of presence; null for what is malformed, or a word that we do not know. */
function read(frame: string): News | null {
  let word: Readonly<Record<string, unknown>>;
  try {
    word = JSON.parse(frame);
  } catch {
    return null;
  }
  const { lifeline } = word;
  if (lifeline !== 'presence' && lifeline !== 'online' && lifeline !== 'offline') return null;
  const ids: unknown = lifeline === 'presence' ? word.online : word.ids;
  return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? { lifeline, ids } : null;
}
