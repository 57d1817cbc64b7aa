import { takeReports } from '../support/reports.ts';

/** How many events are told where something is wrong. */
const REMEMBERED = 60;

/** What happened lately, and what was wrong with it. */
export class Journal {
  readonly seed: number;
  #events: string[] = [];
  readonly #accusations: string[] = [];

  constructor(seed: number) {
    this.seed = seed;
  }

  notes(event: string): void {
    this.#events.push(`${(performance.now() / 1000).toFixed(3)} ${event}`);
    // In one go now and then: one by one would move all of them each time.
    if (this.#events.length > 2 * REMEMBERED) this.#events = this.#events.slice(-REMEMBERED);
  }

  accuses(what: string): void {
    this.notes(`WRONG: ${what}`);
    this.#accusations.push(what);
  }

  /** Throws if anything was wrong so far. */
  expectsNothingWrong(): void {
    for (const report of takeReports()) this.accuses(`reported: ${String(report)}`);
    const [first] = this.#accusations;
    if (first === undefined) return;
    const events = this.#events.slice(-REMEMBERED).join('\n  ');
    throw new Error(
      `${first}, and ${this.#accusations.length - 1} more. Again by SOAK_SEED=${this.seed}. ` +
        `The last events, in seconds:\n  ${events}`,
    );
  }
}
