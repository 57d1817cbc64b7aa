/** How long what was taken is collected before it is confirmed, in milliseconds. */
const COLLECT_PERIOD = 50;

/** Confirms what was taken, with one timer for all connections. */
export class Confirmer {
  readonly #due = new Set<{ confirm(): void }>();
  #timer: NodeJS.Timeout | undefined;

  add(link: { confirm(): void }): void {
    this.#due.add(link);
    this.#timer ??= setTimeout(() => this.#confirmAll(), COLLECT_PERIOD);
  }

  delete(link: { confirm(): void }): void {
    this.#due.delete(link);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#due.clear();
  }

  #confirmAll(): void {
    this.#timer = undefined;
    for (const link of this.#due) link.confirm();
    this.#due.clear();
  }
}
