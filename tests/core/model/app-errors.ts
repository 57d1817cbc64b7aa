import { assert } from './assert.ts';

/** Code of the application that a connection calls, and that can throw. */
export const USER_CODE = [
  'onOpen',
  'onMessage',
  'onClose',
  'onError',
  'onFlush',
  'onDrop',
  'subscriber',
  'topic handler',
  'ping',
  'pong',
  'shouldReconnect',
  'encode',
  'decode',
  'topics.of',
  'topics.subscribe',
  'topics.unsubscribe',
  'handshake',
  'signals',
  'end of signals',
] as const;

export type UserCode = (typeof USER_CODE)[number];

/** Where an error must arrive. */
type Recipient = 'reportError' | 'the error event' | 'the caller';

/** Errors thrown by code of the application. Each must arrive once, where the documentation says. */
export class AppErrors {
  readonly #toThrow = new Set<UserCode>();
  readonly #seen: Set<string>;
  readonly #pending = new Map<unknown, { code: UserCode; recipient: Recipient }>();

  /** Adds the name of the code that throws to `seen`. */
  constructor(seen: Set<string>) {
    this.#seen = seen;
  }

  /** Makes this code throw the next time that it is called. */
  throwNext(code: UserCode): void {
    this.#toThrow.add(code);
  }

  /** Called in the given code: throws if it is to throw now. `onThrow` is called just before. */
  mayThrow(code: UserCode, recipient: Recipient = 'reportError', onThrow?: () => void): void {
    if (!this.#toThrow.delete(code)) return;
    const error = new Error(`${code} has thrown`);
    this.#pending.set(error, { code, recipient });
    this.#seen.add(code);
    onThrow?.();
    throw error;
  }

  /** An error has arrived. */
  arrived(error: unknown, at: Recipient): void {
    const recipient = this.#pending.get(error)?.recipient;
    assert(recipient === at, `${at} gets ${String(error)}, expected at ${recipient ?? 'no place'}`);
    this.#pending.delete(error);
  }

  /** Every error must have arrived. */
  check(): void {
    for (const { code, recipient } of this.#pending.values())
      assert(false, `the error of ${code} does not arrive at ${recipient}`);
  }
}
