import { takeReports } from '../support/reports.ts';

/** How many events are printed with a failure. */
const PRINTED = 60;

/** The latest events, and what was wrong. */
export class Journal {
  readonly seed: number;
  #events: string[] = [];
  readonly #failures: string[] = [];

  constructor(seed: number) {
    this.seed = seed;
  }

  logs(event: string): void {
    this.#events.push(`${(performance.now() / 1000).toFixed(3)} ${event}`);
    // Many at once: removing one at a time would move all others each time.
    if (this.#events.length > 2 * PRINTED) this.#events = this.#events.slice(-PRINTED);
  }

  fails(what: string): void {
    this.logs(`WRONG: ${what}`);
    this.#failures.push(what);
  }

  /** Throws if anything has been wrong so far. */
  throwOnFailure(): void {
    for (const report of takeReports()) this.fails(`reported: ${String(report)}`);
    const [first] = this.#failures;
    if (first === undefined) return;
    const events = this.#events.slice(-PRINTED).join('\n  ');
    throw new Error(
      `${first}, and ${this.#failures.length - 1} more. To repeat: SOAK_SEED=${this.seed}. ` +
        `The last events, in seconds:\n  ${events}`,
    );
  }
}
