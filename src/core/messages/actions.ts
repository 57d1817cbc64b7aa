import type { OpenInfo } from './events.ts';
import type { SendOptions } from './send-options.ts';
import type { SendResult } from './sender.ts';

/** What an application does with a connection. */
export interface ConnectionActions<Out> {
  /**
   * Sends a message at once, or puts it in the outbox while no link can take it.
   *
   * @returns `'sent'`, `'queued'` or `'dropped'`; see {@link SendResult}.
   * @throws The error of the codec; a TypeError if the encoded message is neither text nor binary, or
   * an option is unknown or not valid.
   */
  send(message: Out, options?: SendOptions): SendResult;
  /**
   * Opens a connection that is idle or closed. A connection without a holder then stays open until `close()`; one that a component
   * made for itself is opened by its next holder.
   */
  open(): void;
  /**
   * Closes the connection. It does not reconnect until `open()` or `reconnect()` is called.
   *
   * @param code - The close code: 1000, or 3000 to 4999 (WebSocket standard). 1000 by default.
   * @param reason - A text of at most 123 bytes in UTF-8 (RFC 6455, section 5.5). Empty by default.
   * @throws RangeError if the code or the reason is not valid; the link then stays open.
   */
  close(code?: number, reason?: string): void;
  /** Starts a new attempt at once: it replaces the current link, ends the wait for a retry, or opens the connection. */
  reconnect(): void;
}

/** The `onOpen` option. Unlike a handler that is added later, it gets the connection: it may have to send. */
export type OpenHandler<Out> = (info: OpenInfo, connection: ConnectionActions<Out>) => void;
