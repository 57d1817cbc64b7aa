import type { OutFrame } from '../link/frame.ts';
import { checkNames } from '../platform/check-names.ts';
import type { DropReason } from './events.ts';

/** The options of `send()`. */
export interface SendOptions {
  /** Whether the message may wait in the outbox. Use false for a message that is useless later. @defaultValue true */
  readonly queue?: boolean | undefined;
  /**
   * Withdraws the message when it is aborted, if it still waits. A message that was sent is not affected. One that is given to
   * `send()` with an aborted signal is not sent. @defaultValue none
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long the message may wait, in milliseconds; the time in which the computer sleeps counts. Then it is dropped.
   * @defaultValue Infinity
   */
  readonly expires?: number | undefined;
}

/** The options of a message whose sender follows what becomes of it. */
export interface TrackedOptions extends SendOptions {
  /** Called when the message leaves the outbox: without a reason if a socket took it. */
  readonly left?: ((reason?: DropReason) => void) | undefined;
  /** The id of the request that it is, in the words of the companion. */
  readonly request?: number | undefined;
  /** Puts the header of a request in front of its frame, where no session does. */
  readonly wrap?: ((frame: OutFrame) => OutFrame) | undefined;
}

const NAMES: Record<keyof SendOptions, string> = { queue: '', signal: '', expires: '' };

/** @throws TypeError if an option of `send()` is unknown or not valid. */
export function checkSendOptions(options: unknown): void {
  // As a callback of a list, send() gets an index or a key as its second argument. What is tracked is the library's.
  if (typeof options !== 'object' || options === null || 'left' in options) return;
  checkNames(options, NAMES, 'an option of send()');
  const { signal, expires } = options as SendOptions;
  checkSignal(signal, 'send()');
  if (expires !== undefined && !(typeof expires === 'number' && expires >= 0))
    throw new TypeError('send() takes an expires in milliseconds, a number of at least 0.');
}

/** @throws TypeError if the value is neither an AbortSignal nor undefined. `what` is what takes it. */
export function checkSignal(signal: unknown, what: string): void {
  // Also that of another window, or of a polyfill.
  const isSignal = typeof (signal as Partial<AbortSignal> | null)?.addEventListener === 'function';
  if (signal !== undefined && !(isSignal && 'aborted' in (signal as object)))
    throw new TypeError(`${what} takes a signal that is an AbortSignal.`);
}
