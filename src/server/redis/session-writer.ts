import type { Change, SessionClaim } from './session-claim.ts';

/** How many outboxes are written at once, and how many characters, so that Redis can serve other clients in between. */
const [OUTBOXES_AT_ONCE, LENGTH_AT_ONCE] = [100, 1_048_576];

/** What a writer does with the rest of its store. */
interface WriterHost {
  /** Begins to write what has changed of an outbox. */
  change(claim: SessionClaim): Change;
  /** Whether Redis can be asked. */
  isReady(): boolean;
  /** Calls the script `save`. */
  save(values: readonly string[]): Promise<readonly number[]>;
  /** Redis has everything of an outbox. */
  written(claim: SessionClaim): void;
  /** Another server has it. */
  lost(claim: SessionClaim): void;
}

/**
 * Writes what has changed of outboxes. One script is under way at a time, and what changes meanwhile comes with the next one: so Redis
 * never has more to do than it can answer in time, and the busier it is, the more comes at once.
 */
export class SessionWriter {
  readonly #host: WriterHost;
  readonly #changed = new Set<SessionClaim>();
  #isWriting = false;

  constructor(host: WriterHost) {
    this.#host = host;
  }

  /** Writes what has changed of an outbox. */
  add(claim: SessionClaim): void {
    this.#changed.add(claim);
    void this.write();
  }

  delete(claim: SessionClaim): void {
    this.#changed.delete(claim);
  }

  /** Writes what is still to be written. */
  async write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#changed.size > 0 && this.#host.isReady()) {
      const batch = new Map<SessionClaim, Change>();
      let length = 0;
      for (const claim of this.#changed) {
        if (batch.size >= OUTBOXES_AT_ONCE || length >= LENGTH_AT_ONCE) break;
        const change = this.#host.change(claim);
        length += change.values.reduce((sum, value) => sum + value.length, 0);
        batch.set(claim, change);
        this.#changed.delete(claim);
      }
      const values = [...batch.values()].flatMap((change) => change.values);
      const answers = await this.#host.save(values).catch(() => []);
      for (const [n, [claim, change]] of [...batch].entries()) this.#end(claim, change, answers[n]);
      // The next link goes on with it.
      if (answers.length === 0) break;
    }
    this.#isWriting = false;
  }

  /** @param answer - Undefined if there was none. */
  #end(claim: SessionClaim, change: Change, answer: number | undefined): void {
    if (answer === 1) {
      change.written();
      if (!this.#changed.has(claim)) this.#host.written(claim);
      return;
    }
    change.failed();
    if (answer === 0) return this.#host.lost(claim);
    if (answer === 2) claim.lost();
    this.#changed.add(claim);
  }
}
