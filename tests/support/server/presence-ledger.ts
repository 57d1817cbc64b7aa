/** A span of time, in milliseconds. */
type Span = readonly [from: number, to: number];

/** A connection, as the server can know it. */
export interface Stay {
  readonly from: number;
  /** When its last frame came. */
  silentAt: number;
  /** When the server noticed its end. */
  goneAt: number;
}

/** Merges overlapping spans, and sorts them. */
function union(spans: readonly Span[]): Span[] {
  const merged: [number, number][] = [];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

const covers = (outer: readonly Span[], [from, to]: Span) =>
  outer.some(([start, end]) => start <= from && to <= end);

/**
 * Records when connections were present, and when the server called their identities online; compares both afterwards.
 * It uses no timers or counts, only spans of time.
 */
export class PresenceLedger {
  readonly #stays = new Map<string, Stay[]>();
  readonly #shownOnline = new Map<string, [from: number, to: number][]>();
  readonly #wrong: string[] = [];
  hours = 0;
  changes = 0;

  arrives(id: string, now: number): Stay {
    const stay = { from: now, silentAt: Infinity, goneAt: Infinity };
    const stays = this.#stays.get(id) ?? [];
    stays.push(stay);
    this.#stays.set(id, stays);
    return stay;
  }

  isShownOnline(id: string): boolean {
    return this.#shownOnline.get(id)?.at(-1)?.[1] === Infinity;
  }

  showOnline(id: string, online: boolean, now: number): void {
    this.changes++;
    if (this.isShownOnline(id) === online) this.#wrong.push(`${id} twice ${online}, at ${now}`);
    const shown = this.#shownOnline.get(id) ?? [];
    this.#shownOnline.set(id, shown);
    const last = shown.at(-1);
    if (online) shown.push([now, Infinity]);
    else if (last) last[1] = now;
  }

  /**
   * Ends all connections now. Returns what was shown wrongly, and forgets everything.
   *
   * @param grace - How long an identity must stay online after its last connection has gone.
   * @param lastsUntil - Until when a connection may count at most, its grace included.
   */
  settle(now: number, grace: number, lastsUntil: (stay: Stay) => number): string[] {
    for (const [id, stays] of this.#stays) {
      const until = (time: number) => Math.min(time, now);
      const mustBeOnline = union(
        stays.map((s) => [s.from, until(Math.min(s.silentAt, s.goneAt) + grace)]),
      );
      const mayBeOnline = union(stays.map((s) => [s.from, until(lastsUntil(s))]));
      const spans = (this.#shownOnline.get(id) ?? []).map(
        ([from, to]) => [from, until(to)] as const,
      );
      for (const span of mustBeOnline)
        if (!covers(spans, span))
          this.#wrong.push(`${id} was online ${span.join('–')}: ${spans.join(' ')}`);
      for (const span of spans)
        if (!covers(mayBeOnline, span))
          this.#wrong.push(`${id} was not online all of ${span.join('–')}`);
      for (const stay of stays) this.hours += (until(stay.goneAt) - stay.from) / 3_600_000;
    }
    for (const id of this.#shownOnline.keys())
      if (!this.#stays.has(id)) this.#wrong.push(`${id} was never there`);
    this.#stays.clear();
    this.#shownOnline.clear();
    return this.#wrong.splice(0);
  }
}
