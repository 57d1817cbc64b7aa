/** Gives all values of a map their turn, one round after the other. */
export class Rounds<Value> {
  readonly #map: ReadonlyMap<unknown, Value>;
  #values: Iterator<Value>;

  constructor(map: ReadonlyMap<unknown, Value>) {
    this.#map = map;
    this.#values = map.values();
  }

  /** Returns the next values of this round, at most so many. */
  next(count: number): Value[] {
    const values: Value[] = [];
    while (values.length < count) {
      const next = this.#values.next();
      if (next.done) {
        this.#values = this.#map.values();
        break;
      }
      values.push(next.value);
    }
    return values;
  }
}
