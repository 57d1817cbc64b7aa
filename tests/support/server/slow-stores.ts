import type { HistoryStore, SessionStore } from '../../../src/server.ts';

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
  start: (listener) => store.start(listener),
  follow: (topic) => later(() => store.follow(topic)),
  unfollow: (topic) => store.unfollow(topic),
  publish: (...args) => later(() => store.publish(...args)),
  read: (...args) => later(() => store.read(...args)),
  stop: () => store.stop(),
});
