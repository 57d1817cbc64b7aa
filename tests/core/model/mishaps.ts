import { assert } from './assert.ts';

/** Code of the application that a connection calls, and that can throw. */
export const culprits = [
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
  'signals',
  'end of signals',
] as const;

export type Culprit = (typeof culprits)[number];

/** Who must hear of it. */
type Ear = 'reportError' | 'the error event' | 'the caller';

/** What the application's own code throws. Each error is heard of once, by whom the documentation names. */
export class Mishaps {
  readonly #armed = new Set<Culprit>();
  readonly #seen: Set<string>;
  readonly #unheard = new Map<unknown, { culprit: Culprit; ear: Ear }>();

  /** Adds to what has been seen whoever throws. */
  constructor(seen: Set<string>) {
    this.#seen = seen;
  }

  /** The next time that it is called, it throws. */
  arm(culprit: Culprit): void {
    this.#armed.add(culprit);
  }

  /** Stands in the code of the culprit. `undo` is called if it throws. */
  at(culprit: Culprit, ear: Ear = 'reportError', undo?: () => void): void {
    if (!this.#armed.delete(culprit)) return;
    const error = new Error(`${culprit} has thrown`);
    this.#unheard.set(error, { culprit, ear });
    this.#seen.add(culprit);
    undo?.();
    throw error;
  }

  heard(error: unknown, by: Ear): void {
    const ear = this.#unheard.get(error)?.ear;
    assert(ear === by, `${by} hears ${String(error)}, which ${ear ?? 'nobody'} was to hear`);
    this.#unheard.delete(error);
  }

  check(): void {
    for (const { culprit, ear } of this.#unheard.values())
      assert(false, `${ear} does not hear of the error of ${culprit}`);
  }
}
