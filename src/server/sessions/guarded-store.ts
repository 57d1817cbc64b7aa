import { reportRejection } from '../checks/rejections.ts';
import type { SessionRecord, SessionStore } from './store.ts';

/** A session store whose errors end nothing. */
export type GuardedStore = Pick<SessionStore, 'ttl' | 'claim' | 'save' | 'release' | 'forget'>;

/** Reports the errors of a store. Only `claim()` can still fail, by a promise that rejects. */
export function guardStore(store: SessionStore, report: (error: unknown) => void): GuardedStore {
  const tell = (call: () => unknown) => {
    try {
      reportRejection(call(), report);
    } catch (error) {
      report(error);
    }
  };
  return {
    get ttl() {
      return store.ttl;
    },
    claim(owner, outbox) {
      try {
        return store.claim(owner, outbox);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    // If that fails, a message whose handler has ended could come again only if this server died now, too.
    save(outbox: string, record: SessionRecord) {
      try {
        return store.save(outbox, record)?.catch(report);
      } catch (error) {
        report(error);
      }
    },
    release: (...args) => tell(() => store.release(...args)),
    forget: (...args) => tell(() => store.forget(...args)),
  };
}
