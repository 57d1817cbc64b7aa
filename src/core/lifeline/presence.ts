import type { Host } from '../extensions/extension.ts';
import { tryCall } from '../platform/emitter.ts';
import { isPong } from './lifeline.ts';
import { writeLifelineFrame } from '../protocol/frames.ts';

/** Who is online, as the server of a connection reports it. */
export interface Presence {
  /** Returns the visible ids that are online. It is the same list until it changes, and empty until the server reports. */
  list(): readonly string[];
  /** Whether an id is online and visible. */
  isOnline(id: string): boolean;
  /**
   * Subscribes to presence at the server, and calls the listener after each change. Returns the function that ends it.
   *
   * @throws Error if the `heartbeat` option of the connection is not `lifeline()`.
   */
  watch(listener: () => void): () => void;
}

/** The extension that makes the {@link Presence} of a connection. It detaches after its last listener. */
export const presence: {
  <In, Out>(host: Host<In, Out>): Presence;
  readonly key: symbol;
} = Object.assign(createPresence, { key: Symbol('presence') });

function createPresence<In, Out>(host: Host<In, Out>): Presence {
  const { clock, settings, on, sendFrame } = host;
  const watchers = new Set<() => void>();
  let online: ReadonlySet<string> = new Set();
  let list: readonly string[] = [];
  /** Whether the server was asked for presence on this link. */
  let isWatching = false;
  let lingerTimer: unknown;

  function setOnline(next: Iterable<string>): void {
    const before = online;
    online = new Set(next);
    if (online.size === before.size && list.every((id) => online.has(id))) return;
    list = [...online];
    for (const watcher of watchers) tryCall(watcher);
  }

  function apply({ lifeline, ids }: PresenceFrame): void {
    const named = new Set(ids);
    if (lifeline === 'presence') setOnline(named);
    else if (lifeline === 'online') setOnline([...online, ...named]);
    else setOnline(list.filter((id) => !named.has(id)));
  }

  const sendWatch = () => sendFrame(writeLifelineFrame({ lifeline: 'watch' }));

  on('link', () => {
    // The last known list stays until the server sends a new one.
    isWatching = watchers.size > 0 && sendWatch();
  });
  on('scope', () => setOnline([]));
  on('control', (frame) => {
    const presenceFrame = isWatching ? readPresenceFrame(frame as string) : null;
    if (presenceFrame) apply(presenceFrame);
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
      isWatching ||= sendWatch();
      return () => {
        if (!watchers.delete(watcher) || watchers.size > 0) return;
        lingerTimer = clock.setTimeout(() => {
          if (isWatching) sendFrame(writeLifelineFrame({ lifeline: 'unwatch' }));
          host.detach();
        }, settings().linger);
      };
    },
  };
}

/** A frame of the server about presence. */
interface PresenceFrame {
  readonly lifeline: 'presence' | 'online' | 'offline';
  readonly ids: readonly string[];
}

/** Reads a frame about presence. Returns null if it is malformed or of an unknown kind. */
function readPresenceFrame(frame: string): PresenceFrame | null {
  let content: Readonly<Record<string, unknown>>;
  try {
    content = JSON.parse(frame);
  } catch {
    return null;
  }
  const { lifeline } = content;
  if (lifeline !== 'presence' && lifeline !== 'online' && lifeline !== 'offline') return null;
  const ids: unknown = lifeline === 'presence' ? content.online : content.ids;
  return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? { lifeline, ids } : null;
}
