import { reportRejection } from '../checks/rejections.ts';
import type { SessionStore, SharedSessions } from './store.ts';

/** A session store whose errors end nothing. */
export type GuardedStore = Pick<SessionStore, 'ttl' | 'claim' | 'save' | 'release' | 'forget'> &
  SharedSessions;

/** Reports the errors of a store. Only `claim()` and `save()` can still fail, by a promise that rejects. */
export function guardStore(store: SessionStore, report: (error: unknown) => void): GuardedStore {
  const tell = (call: () => unknown) => {
    try {
      reportRejection(call(), report);
    } catch (error) {
      report(error);
    }
  };
  const rejecting = <Result>(call: () => Result) => {
    try {
      return call();
    } catch (error) {
      return Promise.reject(error);
    }
  };
  return {
    get ttl() {
      return store.ttl;
    },
    claim: (...args) => rejecting(() => store.claim(...args)),
    save: (...args) => rejecting(() => store.save(...args)),
    release: (...args) => tell(() => store.release(...args)),
    forget: (...args) => tell(() => store.forget(...args)),
    waitFor(outbox) {
      try {
        return store.shared?.waitFor(outbox) ?? 0;
      } catch (error) {
        report(error);
        return 0;
      }
    },
    reply: (...args) => tell(() => store.shared?.reply(...args)),
    abort: (...args) => tell(() => store.shared?.abort(...args)),
  };
}
