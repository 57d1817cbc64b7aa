/** A time from when to when, in milliseconds. */
type Span = readonly [from: number, to: number];

/** What became of a connection, as the server could know it. */
export interface Stay {
  readonly from: number;
  /** From when on nothing came from it any more. */
  silentAt: number;
  /** When the server learned of its end. */
  goneAt: number;
}

/** The spans as few as possible, in order. */
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
 * Writes down when connections were there, and what was said of their identities; compares them afterwards. Knows no
 * timers and no counts: it lays spans of time upon each other.
 */
export class PresenceLedger {
  readonly #stays = new Map<string, Stay[]>();
  readonly #verdicts = new Map<string, [from: number, to: number][]>();
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

  isSaidToBeOnline(id: string): boolean {
    return this.#verdicts.get(id)?.at(-1)?.[1] === Infinity;
  }

  says(id: string, online: boolean, now: number): void {
    this.changes++;
    if (this.isSaidToBeOnline(id) === online) this.#wrong.push(`${id} twice ${online}, at ${now}`);
    const verdicts = this.#verdicts.get(id) ?? [];
    this.#verdicts.set(id, verdicts);
    const last = verdicts.at(-1);
    if (online) verdicts.push([now, Infinity]);
    else if (last) last[1] = now;
  }

  /**
   * Everything ends now. Returns the verdicts that were wrong, and forgets all.
   *
   * @param grace - How long an identity is online in any case after its last connection has gone.
   * @param lastsUntil - How long a connection may count at most, its grace included.
   */
  settle(now: number, grace: number, lastsUntil: (stay: Stay) => number): string[] {
    for (const [id, stays] of this.#stays) {
      const until = (time: number) => Math.min(time, now);
      const surely = union(
        stays.map((s) => [s.from, until(Math.min(s.silentAt, s.goneAt) + grace)]),
      );
      const possibly = union(stays.map((s) => [s.from, until(lastsUntil(s))]));
      const said = (this.#verdicts.get(id) ?? []).map(([from, to]) => [from, until(to)] as const);
      for (const span of surely)
        if (!covers(said, span))
          this.#wrong.push(`${id} was online ${span.join('–')}: ${said.join(' ')}`);
      for (const span of said)
        if (!covers(possibly, span))
          this.#wrong.push(`${id} was not online all of ${span.join('–')}`);
      for (const stay of stays) this.hours += (until(stay.goneAt) - stay.from) / 3_600_000;
    }
    for (const id of this.#verdicts.keys())
      if (!this.#stays.has(id)) this.#wrong.push(`${id} was never there`);
    this.#stays.clear();
    this.#verdicts.clear();
    return this.#wrong.splice(0);
  }
}
