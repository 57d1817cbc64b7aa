import { ANSWER_TIMEOUT, RESTORE_PERIOD } from './timing.ts';

/** Something on this server that Redis must know, until it has confirmed its end. */
export interface Reportable {
  /** Whether Redis knows it. `maybe`: it was in a report that Redis has not confirmed. */
  isInRedis: 'no' | 'maybe' | 'yes';
  /** When it ended, in the time of `performance.now()`; null while it goes on. */
  leftAt: number | null;
  /** Whether its end is final, which ends presence without the grace period. */
  isFinal: boolean;
}

/** What Redis is told. `visit`: it came and went before a report, so the identity was online for a moment. */
export type ReportEvent = 'join' | 'leave' | 'visit';

/** A report to Redis about some entries. */
export interface Report {
  /** The last arguments of the script. */
  readonly values: readonly string[];
  /** Called when Redis has confirmed the report. */
  confirm(): void;
}

/** Which entries must still be reported to Redis. */
export class ReportQueue<Entry extends Reportable> {
  readonly #grace: number;
  readonly #forget: (entry: Entry) => void;
  readonly #unreported = new Set<Entry>();
  /** Entries that ended before they were reported, in the order in which they ended. */
  readonly #neverReported = new Set<Entry>();

  /**
   * @param grace - In milliseconds.
   * @param forget - Called for an entry that has ended, when Redis need not hear of it any longer.
   */
  constructor(grace: number, forget: (entry: Entry) => void) {
    this.#grace = grace;
    this.#forget = forget;
  }

  /** Whether there are entries to report. */
  get hasUnreported(): boolean {
    return this.#unreported.size > 0;
  }

  /** Lets an entry be reported: it is new, begins again, or Redis may have lost it. */
  add(entry: Entry): void {
    this.#unreported.add(entry);
    if (entry.leftAt === null) this.#neverReported.delete(entry);
  }

  /** Ends an entry. */
  end(entry: Entry): void {
    entry.leftAt = performance.now();
    this.#unreported.add(entry);
    if (entry.isInRedis === 'no') this.#neverReported.add(entry);
    this.#forgetExpired();
  }

  /**
   * Makes a report about up to `limit` entries. Those of an unconfirmed report must be added again.
   *
   * @param valuesOf - Returns the arguments about an entry. `stay`: the time until the identity goes offline if this was its
   * last entry, in milliseconds.
   */
  next(
    limit: number,
    valuesOf: (entry: Entry, event: ReportEvent, stay: string) => readonly string[],
  ): Report {
    const now = performance.now();
    const values: string[] = [];
    const confirmations: (() => void)[] = [];
    for (const entry of this.#unreported) {
      if (confirmations.length === limit) break;
      this.#unreported.delete(entry);
      this.#neverReported.delete(entry);
      const { leftAt } = entry;
      values.push(...valuesOf(entry, eventOf(entry, now), this.#stayOf(entry, now)));
      if (entry.isInRedis === 'no') entry.isInRedis = 'maybe';
      confirmations.push(() => this.#confirm(entry, leftAt));
    }
    return {
      values,
      confirm() {
        for (const confirm of confirmations) confirm();
      },
    };
  }

  #stayOf(entry: Entry, now: number): string {
    const remaining = (entry.isFinal ? 0 : this.#grace) - goneFor(entry, now);
    // After a late report, another server may soon report a newer entry of the identity: wait for it.
    const isLate = isReportedLate(entry, now);
    return String(Math.round(isLate ? Math.max(remaining, RESTORE_PERIOD) : remaining));
  }

  /**
   * Forgets entries that ended and were never reported, and whose grace period is over. Without this they would fill the
   * memory while Redis cannot be reached.
   */
  #forgetExpired(): void {
    const now = performance.now();
    for (const entry of this.#neverReported) {
      if (goneFor(entry, now) <= Math.max(this.#grace, ANSWER_TIMEOUT)) return;
      this.#neverReported.delete(entry);
      this.#unreported.delete(entry);
      this.#forget(entry);
    }
  }

  /** Redis has heard of the entry as it was: as ended at this time, or as going on. */
  #confirm(entry: Entry, leftAt: number | null): void {
    entry.isInRedis = leftAt === null ? 'yes' : 'no';
    if (leftAt !== null && leftAt === entry.leftAt) this.#forget(entry);
  }
}

function eventOf(entry: Reportable, now: number): ReportEvent {
  if (entry.leftAt === null) return 'join';
  return entry.isInRedis === 'yes' || isReportedLate(entry, now) ? 'leave' : 'visit';
}

function goneFor({ leftAt }: Reportable, now: number): number {
  return leftAt === null ? 0 : now - leftAt;
}

/** Whether the entry ended longer ago than Redis takes to answer: Redis could not be reached then. */
function isReportedLate(entry: Reportable, now: number): boolean {
  return goneFor(entry, now) > ANSWER_TIMEOUT;
}
