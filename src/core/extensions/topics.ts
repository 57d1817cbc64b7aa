import type { Emitter } from '../platform/emitter.ts';
import { createEmitter, tryCall } from '../platform/emitter.ts';
import type { Host } from './extension.ts';

/** Who listens to which topic of a connection. */
export interface Topics<In> {
  /** Adds a handler for the messages of a topic. Returns the function that removes it. */
  on(topic: string, handler: (message: In) => void): () => void;
  /** The last message of a topic that is listened to, or null. */
  last(topic: string): In | null;
}

/** The extension that brings {@link Topics} to a connection, while somebody listens to one. */
export const topics: {
  <In, Out>(host: Host<In, Out>): Topics<In>;
  readonly key: symbol;
} = Object.assign(createTopics, { key: Symbol('topics') });

interface Entry<In> extends Emitter<{ message: [In] }> {
  listeners: number;
  last: In | null;
  lingerTimer?: unknown;
}

function createTopics<In, Out>(host: Host<In, Out>): Topics<In> {
  const { clock, settings, on, emit } = host;
  // A Map, since a topic may be any string, `__proto__` too.
  const entries = new Map<string, Entry<In>>();
  const subscriptions = createSubscriptions(host, () => entries.keys());

  function forget(topic: string, { lingerTimer }: Entry<In>): void {
    clock.clearTimeout(lingerTimer);
    entries.delete(topic);
  }

  /** What only lingers means nothing to another link or scope. */
  function forgetLingering(): void {
    for (const [topic, entry] of entries) if (entry.listeners === 0) forget(topic, entry);
  }

  on('link', () => {
    forgetLingering();
    subscriptions.renew();
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
      clock.clearTimeout(entry.lingerTimer);
      subscriptions.changed();
      const removeHandler = entry.on('message', handler);
      let isRemoved = false;
      return () => {
        if (isRemoved) return;
        isRemoved = true;
        removeHandler();
        if (--entry.listeners > 0) return;
        entry.lingerTimer = clock.setTimeout(() => {
          forget(topic, entry);
          subscriptions.changed();
        }, settings().linger);
      };
    },
    last: (topic) => entries.get(topic)?.last ?? null,
  };
}

/** Keeps the server informed of which topics are wanted. */
function createSubscriptions<In, Out>(
  { settings, isOpen, sendNow }: Host<In, Out>,
  wantedTopics: () => Iterable<string>,
) {
  /** What the server has been asked for on this link. */
  let subscribed = new Set<string>();
  let isUpdateQueued = false;

  /** Sends the difference between what is wanted and what the server has been asked for. */
  function update(): void {
    isUpdateQueued = false;
    if (!isOpen()) return;
    const before = subscribed;
    subscribed = new Set(wantedTopics());
    send(
      'subscribe',
      [...subscribed].filter((topic) => !before.has(topic)),
    );
    send(
      'unsubscribe',
      [...before].filter((topic) => !subscribed.has(topic)),
    );
  }

  function send(option: 'subscribe' | 'unsubscribe', changed: string[]): void {
    const { topics: options } = settings();
    const messages = changed.length > 0 && tryCall(() => options?.[option]?.(changed));
    for (const message of messages || []) tryCall(sendNow, message);
  }

  return {
    /** A new link: the server knows of nothing yet. */
    renew(): void {
      subscribed = new Set();
      update();
    },
    /** Updates once a tick, so that a server that takes lists gets one frame. */
    changed(): void {
      if (!isUpdateQueued) void Promise.resolve().then(update);
      isUpdateQueued = true;
    },
  };
}
