/** Something that will happen. */
export interface Task {
  readonly kind: 'timer' | 'frame' | 'outside';
  readonly due: number;
  /** Of tasks due at the same time, the one with the lower number runs first. */
  readonly order: number;
  readonly run: () => void;
}

export const isBefore = (a: Task, b: Task): boolean =>
  a.due < b.due || (a.due === b.due && a.order < b.order);

/** Tasks in the order in which they are due: a binary heap, since some tests have 10,000 of them. */
export class TaskQueue {
  readonly #heap: Task[] = [];
  readonly #waiting = new Set<Task>();

  get size(): number {
    return this.#waiting.size;
  }

  get first(): Task | undefined {
    // A deleted task stays in the heap until it would be first.
    for (let first; (first = this.#heap[0]) && !this.#waiting.has(first);) this.#removeFirst();
    return this.#heap[0];
  }

  add(task: Task): void {
    this.#waiting.add(task);
    let at = this.#heap.push(task) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#swapUnlessOrdered(above, at)) return;
      at = above;
    }
  }

  delete(task: Task): void {
    this.#waiting.delete(task);
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let at = 0; ;) {
      const left = this.#heap[2 * at + 1];
      const right = this.#heap[2 * at + 2];
      const below = 2 * at + (left && right && isBefore(right, left) ? 2 : 1);
      if (!this.#swapUnlessOrdered(at, below)) return;
      at = below;
    }
  }

  /** Swaps two tasks in the wrong order, and returns whether it did. */
  #swapUnlessOrdered(above: number, below: number): boolean {
    const upper = this.#heap[above];
    const lower = this.#heap[below];
    if (!upper || !lower || !isBefore(lower, upper)) return false;
    this.#heap[above] = lower;
    this.#heap[below] = upper;
    return true;
  }
}
