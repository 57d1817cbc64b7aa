import { MAX_REPLAY_BUFFER } from '../limits/delivery.ts';
import type { Cursor, ReadingMode } from './cursor.ts';

/** How long replays wait for a client that does not read fast enough, in milliseconds. */
const RETRY_PERIOD = 50;

/**
 * How long a client without a session waits for a store to tell where its topics stand, and to deliver what was said in them, in
 * milliseconds. Then it gets what is said from now on.
 */
const PLAIN_PATIENCE = 2_000;

/** The client of cursors that are behind. */
export interface LateClient {
  readonly mode: ReadingMode;
  readonly isOpen: boolean;
  readonly bufferedAmount: number;
  /** No cursor is behind any more. */
  caughtUp(): void;
}

/** The cursors of one client that are behind. They catch up one after the other, as fast as the client reads. */
export class LateCursors {
  readonly #client: LateClient;
  readonly #cursors = new Set<Cursor>();
  #onLive: (() => void) | null = null;
  #isAdvancing = false;
  #timer: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(client: LateClient) {
    this.#client = client;
  }

  add(cursor: Cursor): void {
    this.#cursors.add(cursor);
    this.#advance();
  }

  delete(cursor: Cursor): void {
    this.#cursors.delete(cursor);
  }

  /** Waits for a store, but not for long. `onLive`: called when no cursor is behind. */
  endSoon(onLive: () => void): void {
    this.#onLive = onLive;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#giveUp(), PLAIN_PATIENCE);
    this.#advance();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
  }

  #advance(): void {
    if (this.#isAdvancing || this.#timer || this.#client.mode === 'held') return;
    this.#isAdvancing = true;
    const reading = this.#catchUp();
    if (reading)
      void reading.finally(() => {
        this.#isAdvancing = false;
        this.#advance();
      });
    else this.#isAdvancing = false;
    if (this.#cursors.size > 0) return;
    this.stop();
    this.#client.caughtUp();
    this.#onLive?.();
  }

  /** @returns A promise if the store must be waited for. */
  #catchUp(): void | Promise<void> {
    for (const cursor of this.#cursors) {
      if (!this.#client.isOpen) return this.#cursors.clear();
      if (this.#client.bufferedAmount > MAX_REPLAY_BUFFER) return this.#wait();
      if (!cursor.isLocated) continue;
      const reading = cursor.advance();
      if (reading) return reading;
      // What was said while it was held does not come to it in another way.
      if (this.#client.mode === 'plain' && cursor.awaitOwn()) continue;
      this.#cursors.delete(cursor);
    }
  }

  #giveUp(): void {
    for (const cursor of this.#cursors)
      if (!cursor.isLocated || cursor.awaitOwn()) this.#cursors.delete(cursor);
    this.#advance();
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#advance();
    }, RETRY_PERIOD);
  }
}
