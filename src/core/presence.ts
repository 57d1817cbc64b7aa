import { DecodeError } from './codec.ts';
import type { Host } from './connection.ts';
import { guard } from './emitter.ts';
import { isPong } from './lifeline.ts';
import type { ServerWord } from './protocol.ts';
import { writeWord } from './protocol.ts';

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

/** Makes the {@link Presence} of a connection. While it reconnects, what was last known stays. */
export function createPresence<In, Out>({
  clock,
  settings,
  on,
  emit,
  sendFrame,
}: Host<In, Out>): Presence {
  const watchers = new Set<() => void>();
  let online: ReadonlySet<string> = new Set();
  let list: readonly string[] = [];
  /** Whether the server has been asked on this link. */
  let asked = false;
  let timer: unknown;

  function become(next: Iterable<string>): void {
    online = new Set(next);
    list = [...online];
    for (const watcher of watchers) guard(watcher);
  }

  function hear(word: ServerWord): void {
    switch (word.lifeline) {
      case 'presence':
        return become(word.online);
      case 'online':
        return become([...online, ...word.ids]);
      case 'offline':
        return become(list.filter((id) => !word.ids.includes(id)));
    }
  }

  on('greet', () => {
    asked = watchers.size > 0 && sendFrame(writeWord({ lifeline: 'watch' }));
  });
  on('scope', () => become([]));
  on('control', (frame) => {
    try {
      hear(JSON.parse(frame as string) as ServerWord);
    } catch (error) {
      emit('error', new DecodeError(frame, error));
    }
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
