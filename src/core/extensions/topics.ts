import type { Emitter } from '../platform/emitter.ts';
import { createEmitter, toError, tryCall } from '../platform/emitter.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import { createEndedTopics } from './ended-topics.ts';
import type { Host } from './extension.ts';

/** The topics of a connection, and their listeners. */
export interface Topics<In> {
  /** Adds a handler for the messages of a topic. Returns the function that removes the handler. */
  on(topic: string, handler: (message: In) => void): () => void;
  /** Returns the last message of a topic that has listeners, or null. */
  last(topic: string): In | null;
  /** How many listeners each topic has, those that linger included. For devtools; not in production. */
  listeners?: ReadonlyMap<string, { readonly listeners: number }>;
}

/** The extension that makes the {@link Topics} of a connection. */
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
  // A Map and not an object, because a topic may be any string, `__proto__` included.
  const entries = new Map<string, Entry<In>>();
  const subscriptions = createSubscriptions(host, () => entries.keys());

  function forget(topic: string, { lingerTimer }: Entry<In>): void {
    clock.clearTimeout(lingerTimer);
    entries.delete(topic);
    subscriptions.forget(topic);
  }

  /** Topics without listeners are not subscribed to again on another link or in another scope. */
  function forgetLingering(): void {
    for (const [topic, entry] of entries) if (entry.listeners === 0) forget(topic, entry);
  }

  on('link', () => {
    forgetLingering();
    subscriptions.resubscribe();
  });
  on('scope', () => {
    forgetLingering();
    for (const entry of entries.values()) entry.last = null;
  });
  on('message', (message) => {
    const options = entries.size > 0 && settings().topics;
    if (!options) return;
    try {
      const entry = entries.get(options.of(message) as string);
      if (entry) {
        entry.last = message;
        entry.emit('message', message);
      }
      if (options.ended) subscriptions.end(options.ended(message));
    } catch (error) {
      emit('error', toError(error));
    }
  });

  const api: Topics<In> = {
    on(topic, handler) {
      const entry: Entry<In> = entries.get(topic) ?? {
        ...createEmitter(),
        listeners: 0,
        last: null,
      };
      entries.set(topic, entry);
      entry.listeners++;
      clock.clearTimeout(entry.lingerTimer);
      subscriptions.queueUpdate();
      const removeHandler = entry.on('message', handler);
      let isRemoved = false;
      return () => {
        if (isRemoved) return;
        isRemoved = true;
        removeHandler();
        if (--entry.listeners > 0) return;
        entry.lingerTimer = clock.setTimeout(() => {
          forget(topic, entry);
          subscriptions.queueUpdate();
        }, settings().linger);
      };
    },
    last: (topic) => entries.get(topic)?.last ?? null,
  };
  if (FULL_TEXTS) api.listeners = entries;
  return api;
}

/** Subscribes and unsubscribes at the server, so that its topics are those with listeners. */
function createSubscriptions<In, Out>(host: Host<In, Out>, wantedTopics: () => Iterable<string>) {
  const { settings, isOpen, sendNow } = host;
  const ended = createEndedTopics(host, queueUpdate);
  /** The topics that were subscribed to on this link. */
  let subscribed = new Set<string>();
  let isUpdateQueued = false;

  /** Sends the difference between the wanted and the subscribed topics. */
  function update(): void {
    isUpdateQueued = false;
    if (!isOpen()) return;
    const before = subscribed;
    subscribed = new Set([...wantedTopics()].filter((topic) => !ended.isWaiting(topic)));
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
    if (changed.length === 0) return;
    // A generator throws only while it is read.
    tryCall(() => {
      for (const message of settings().topics?.[option]?.(changed) ?? []) tryCall(sendNow, message);
    });
  }

  /** Updates once at the end of the tick, so that several topics can share one frame. */
  function queueUpdate(): void {
    if (!isUpdateQueued) void Promise.resolve().then(update);
    isUpdateQueued = true;
  }

  return {
    /** The server has ended a topic. */
    end(topic: string | null | undefined): void {
      if (subscribed.delete(topic as string)) ended.add(topic as string);
    },
    forget: ended.forget,
    /** Subscribes to all topics, because the server of a new link knows none of them. */
    resubscribe(): void {
      subscribed = new Set();
      update();
    },
    queueUpdate,
  };
}
