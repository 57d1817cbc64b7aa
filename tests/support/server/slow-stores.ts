import type { HistoryListener, HistoryStore, SessionStore } from '../../../src/server.ts';

const later = async <Value>(value: () => Value | Promise<Value>): Promise<Value> => {
  await new Promise((resolve) => setTimeout(resolve, 3));
  return value();
};

/** A session store that answers as late as one behind a network. */
export const slowSessions = (store: SessionStore): SessionStore => ({
  get ttl() {
    return store.ttl;
  },
  get size() {
    return store.size;
  },
  start: (listener) => store.start(listener),
  claim: (...args) => later(() => store.claim(...args)),
  save: (...args) => later(() => store.save(...args)),
  release: (...args) => store.release(...args),
  forget: (...args) => store.forget(...args),
  stop: () => store.stop(),
});

/** A history that answers as late as one behind a network. Messages are still delivered in order. */
export const slowHistory = (store: HistoryStore): HistoryStore => ({
  isShared: store.isShared,
  start: (listener) => store.start(listener),
  follow: (topic) => later(() => store.follow(topic)),
  unfollow: (topic) => store.unfollow(topic),
  publish: (...args) => later(() => store.publish(...args)),
  read: (...args) => later(() => store.read(...args)),
  stop: () => store.stop(),
});

/** Makes histories of several servers from one that they share. */
export function shareHistory(store: HistoryStore): () => HistoryStore {
  const listeners = new Map<HistoryListener, Set<string>>();
  store.start({
    deliver(topic, message) {
      for (const [listener, topics] of listeners)
        if (topics.has(topic)) listener.deliver(topic, message);
    },
    moved() {},
    forgotten() {},
    error() {},
  });
  return () => {
    const topics = new Set<string>();
    return {
      ...slowHistory(store),
      isShared: true,
      start: (listener) => void listeners.set(listener, topics),
      follow(topic) {
        topics.add(topic);
        return store.follow(topic);
      },
      unfollow: (topic) => void topics.delete(topic),
      stop: async () => {},
    };
  };
}
