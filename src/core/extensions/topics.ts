import type { Host } from '../connection.ts';
import type { Emitter } from '../platform/emitter.ts';
import { createEmitter, guard } from '../platform/emitter.ts';

/** Who listens to which topic of a connection. */
export interface Topics<In> {
  /** Adds a handler for the messages of a topic. Returns the function that removes it. */
  on(topic: string, handler: (message: In) => void): () => void;
  /** The last message of a topic that is listened to, or null. */
  last(topic: string): In | null;
}

interface Entry<In> extends Emitter<{ message: [In] }> {
  listeners: number;
  last: In | null;
  timer?: unknown;
}

/** Makes the {@link Topics} of a connection. */
export function createTopics<In, Out>({
  clock,
  isOpen,
  settings,
  on,
  emit,
  sendNow,
}: Host<In, Out>): Topics<In> {
  // A Map, since a topic may be any string, `__proto__` too.
  const entries = new Map<string, Entry<In>>();
  /** What the server has been asked for on this link. */
  let told = new Set<string>();
  let settling = false;

  /** Tells the server the difference between what is listened to and what it has been asked for. */
  function settle(): void {
    settling = false;
    if (!isOpen()) return;
    const before = told;
    told = new Set(entries.keys());
    ask(
      'subscribe',
      [...told].filter((topic) => !before.has(topic)),
    );
    ask(
      'unsubscribe',
      [...before].filter((topic) => !entries.has(topic)),
    );
  }

  function ask(what: 'subscribe' | 'unsubscribe', topics: string[]): void {
    const { topics: options } = settings();
    const messages = topics.length > 0 && guard(() => options?.[what]?.(topics));
    for (const message of messages || []) guard(sendNow, message);
  }

  /** Once a tick, so that a server that takes lists gets one frame. */
  function settleSoon(): void {
    if (!settling) void Promise.resolve().then(settle);
    settling = true;
  }

  /** What only lingers means nothing to another link or scope. */
  function forgetLingering(): void {
    for (const [topic, { listeners, timer }] of entries) {
      if (listeners > 0) continue;
      clock.clearTimeout(timer);
      entries.delete(topic);
    }
  }

  on('greet', () => {
    told = new Set();
    forgetLingering();
    settle();
  });
  on('scope', () => {
    forgetLingering();
    for (const entry of entries.values()) entry.last = null;
  });
  on('message', (message) => {
    try {
      const topic = entries.size > 0 ? settings().topics?.of(message) : null;
      const entry = entries.get(topic as string);
      if (!entry) return;
      entry.last = message;
      entry.emit('message', message);
    } catch (error) {
      emit('error', error instanceof Error ? error : new Error(String(error)));
    }
  });

  return {
    on(topic, handler) {
      const entry: Entry<In> = entries.get(topic) ?? {
        ...createEmitter(),
        listeners: 0,
        last: null,
      };
      entries.set(topic, entry);
      entry.listeners++;
      clock.clearTimeout(entry.timer);
      settleSoon();
      const off = entry.on('message', handler);
      let gone = false;
      return () => {
        if (gone) return;
        gone = true;
        off();
        if (--entry.listeners > 0) return;
        entry.timer = clock.setTimeout(() => {
          entries.delete(topic);
          settleSoon();
        }, settings().linger);
      };
    },
    last: (topic) => entries.get(topic)?.last ?? null,
  };
}
