import type { Cause, ConnectionOptions, Snapshot } from '../../../src/core.ts';

/** What a page is told to connect to, and how: what of the options is plain data. */
export type PageOptions = Pick<ConnectionOptions, 'url' | 'reconnect' | 'heartbeat'> & {
  /** Whether a chain of timers is to tell how often the page gets a turn. */
  readonly ticks?: boolean;
};

/** What a page can tell of. */
export interface Details {
  /** The snapshot of the connection has changed. */
  snapshot: Snapshot;
  /** A link was lost, or an attempt failed. */
  close: Cause;
  /** A text message arrived. */
  message: string;
  /** A ping was sent. */
  probe: null;
  /** A socket of the browser said something, whether anybody still listens to it or not. */
  socket: { readonly number: number; readonly type: string; readonly code: number | null };
  /** An event of the window or of the document. */
  page: string;
  /** A chain of timers of 100 ms got a turn. */
  tick: null;
}

/** What happened in a page, and when, in milliseconds since the epoch. */
export type Entry = {
  [What in keyof Details]: {
    readonly at: number;
    readonly what: What;
    readonly detail: Details[What];
  };
}[keyof Details];
