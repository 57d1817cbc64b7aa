import type { Host } from '../extensions/extension.ts';
import { tryCall } from '../platform/emitter.ts';
import { isPong } from './lifeline.ts';
import { writeLifelineFrame } from '../protocol/frames.ts';

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

/** The extension that brings {@link Presence} to a connection, while somebody watches. */
export const presence: {
  <In, Out>(host: Host<In, Out>): Presence;
  readonly key: symbol;
} = Object.assign(createPresence, { key: Symbol('presence') });

function createPresence<In, Out>(host: Host<In, Out>): Presence {
  const { clock, settings, on, sendFrame } = host;
  const watchers = new Set<() => void>();
  let online: ReadonlySet<string> = new Set();
  let list: readonly string[] = [];
  /** Whether the server has been asked to tell, on this link. */
  let isAsked = false;
  let lingerTimer: unknown;

  function setOnline(next: Iterable<string>): void {
    const before = online;
    online = new Set(next);
    if (online.size === before.size && list.every((id) => online.has(id))) return;
    list = [...online];
    for (const watcher of watchers) tryCall(watcher);
  }

  function apply({ lifeline, ids }: News): void {
    const named = new Set(ids);
    if (lifeline === 'presence') setOnline(named);
    else if (lifeline === 'online') setOnline([...online, ...named]);
    else setOnline(list.filter((id) => !named.has(id)));
  }

  const ask = () => sendFrame(writeLifelineFrame({ lifeline: 'watch' }));

  on('link', () => {
    // While it reconnects, what was last known stays.
    isAsked = watchers.size > 0 && ask();
  });
  on('scope', () => setOnline([]));
  on('control', (frame) => {
    const news = isAsked ? readNews(frame as string) : null;
    if (news) apply(news);
  });

  return {
    list: () => list,
    isOnline: (id) => online.has(id),
    watch(listener) {
      if (settings().heartbeat.pong !== isPong)
        throw new Error('usePresence() needs heartbeat={lifeline()} on its connection.');
      const watcher = () => listener();
      watchers.add(watcher);
      clock.clearTimeout(lingerTimer);
      isAsked ||= ask();
      return () => {
        if (!watchers.delete(watcher) || watchers.size > 0) return;
        lingerTimer = clock.setTimeout(() => {
          if (isAsked) sendFrame(writeLifelineFrame({ lifeline: 'unwatch' }));
          host.detach();
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
function readNews(frame: string): News | null {
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
