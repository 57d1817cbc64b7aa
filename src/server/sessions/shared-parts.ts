import type { SessionApp } from './app.ts';
import type { GuardedStore } from './guarded-store.ts';
import type { Forgotten } from './store.ts';

/** The parts that all sessions share. */
export interface SharedParts<Session> {
  readonly app: SessionApp;
  readonly store: GuardedStore;
  readonly counters: { failed: number };
  /** How long a handler may take, in milliseconds. */
  readonly handlerTimeout: number;
  /** Nobody knows what the session was. */
  readonly unknown: (session: Session) => void;
  /** The session has no link, and nothing of it is at work; or another server wants it, and only requests are. */
  readonly idle: (session: Session) => void;
  readonly forgotten: (forgotten: Forgotten) => void;
}
