import type { Clock } from '../../../src/core/clock.ts';

interface Task {
  readonly due: number;
  readonly run: () => void;
  readonly kind: 'timer' | 'frame' | 'world';
}

const FRAME = 16;

const everything = () => true;

/** What goes on while a page is held up. */
export const elsewhere = ({ kind }: Task): boolean => kind === 'world';

/** Time that passes only when a test says so. What is due is run on the way, in order. */
export class SimulatedClock implements Clock {
  #now = 1_000;
  #wall = Date.UTC(2030, 0, 1);
  readonly #tasks = new Set<Task>();

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#wall;
  }

  setTimeout(run: () => void, ms: number): unknown {
    return this.#add('timer', run, ms);
  }

  clearTimeout(timer: unknown): void {
    this.#tasks.delete(timer as Task);
  }

  frame(run: () => void): void {
    this.#add('frame', run, FRAME);
  }

  /** Something that happens elsewhere: it counts as nobody's timer, and a held up page does not hold it up. */
  later(ms: number, run: () => void): void {
    this.#add('world', run, ms);
  }

  /** The timers that the code under test has not cleared. */
  get pendingTimers(): number {
    return [...this.#tasks].filter(({ kind }) => kind === 'timer').length;
  }

  /** When the next thing happens, or the next one elsewhere; Infinity for never. */
  nextDue(isRun: (task: Task) => boolean = everything): number {
    let next = Infinity;
    for (const task of this.#tasks) if (isRun(task)) next = Math.min(next, task.due);
    return next;
  }

  /** Time passes, and everything that falls due happens. */
  advance(ms: number): void {
    this.#run(this.#now + ms, everything);
  }

  /** Time passes, the network goes on, but the page's timers are held up, as in a hidden tab. */
  holdTimersUp(ms: number): void {
    this.#run(this.#now + ms, elsewhere);
  }

  /** The machine sleeps: nothing happens, and only the wall clock goes on. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  /** The wall clock is set forward or back. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  #add(kind: Task['kind'], run: () => void, ms: number): Task {
    const task = { kind, run, due: this.#now + Math.max(0, ms) };
    this.#tasks.add(task);
    return task;
  }

  #run(until: number, isRun: (task: Task) => boolean): void {
    for (let next; (next = this.#first(until, isRun));) {
      this.#pass(next.due);
      this.#tasks.delete(next);
      next.run();
    }
    this.#pass(until);
  }

  #first(until: number, isRun: (task: Task) => boolean): Task | undefined {
    let first: Task | undefined;
    for (const task of this.#tasks)
      if (task.due <= until && isRun(task) && !(first && first.due <= task.due)) first = task;
    return first;
  }

  #pass(to: number): void {
    if (to <= this.#now) return;
    this.#wall += to - this.#now;
    this.#now = to;
  }
}
