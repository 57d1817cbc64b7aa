import type { Cause, ConnectionOptions, DropReason, Snapshot } from '../../../src/core.ts';

/** The options of the connection in a page: those that are plain data. */
export type PageOptions = Pick<
  ConnectionOptions,
  'url' | 'reconnect' | 'heartbeat' | 'connectTimeout'
> & {
  /** Whether a timer of 100 ms, set again and again, records how often the page runs. */
  readonly ticks?: boolean;
  /** Whether to send a text in a `pagehide` listener, and whether it is added before or after those of the connection. */
  readonly farewell?: 'before' | 'after';
  /** Whether the text `upload` from the server makes the page compare uploads through the connection and a bare socket. */
  readonly uploads?: boolean;
  /** Texts that the page sends at once, with a stored outbox. */
  readonly stores?: readonly string[];
};

/** How long each upload took, in milliseconds. */
export interface Uploads {
  readonly bare: readonly number[];
  readonly connection: readonly number[];
}

/** What a page records, by kind. */
export interface Details {
  /** The snapshot of the connection has changed. */
  snapshot: Snapshot;
  /** A link was lost, or an attempt failed. */
  close: Cause;
  /** A text message arrived. */
  message: string;
  /** A ping was sent. */
  probe: null;
  /** An event of a browser socket, even of one that the connection has abandoned. */
  socket: { readonly number: number; readonly type: string; readonly code: number | null };
  /** An event of the window or of the document. */
  page: string;
  /** Queued messages were dropped. */
  drop: { readonly messages: readonly unknown[]; readonly reason: DropReason };
  /** A message is stored. */
  stored: unknown;
  /** The server has handled messages. */
  confirm: readonly unknown[];
  /** The uploads have ended. */
  uploads: Uploads;
  /** The timer of 100 ms fired. */
  tick: null;
}

/** Something that happened in a page; `at` is in milliseconds since the epoch. */
export type Entry = {
  [What in keyof Details]: {
    readonly at: number;
    readonly what: What;
    readonly detail: Details[What];
  };
}[keyof Details];
