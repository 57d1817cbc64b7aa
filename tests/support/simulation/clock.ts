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
  /** Timers run only once in so many milliseconds; 0 for no such bound. */
  throttle = 0;

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
    for (const task of this.#tasks) if (isRun(task)) next = Math.min(next, this.#runsAt(task));
    return next;
  }

  /** The page is hidden, so that its timers run only once in so many milliseconds; 0: it is shown again. */
  throttlesTimers(to: number): void {
    this.throttle = to;
  }

  /** When a timer runs that is due at the given time. */
  timerRunsAt(due: number): number {
    const every = this.throttle;
    return every > 0 ? Math.ceil(Math.max(due, this.#now) / every) * every : due;
  }

  /** Time passes, and everything that falls due happens. */
  advance(ms: number): void {
    this.#run(this.#now + ms, everything);
  }

  /** Time passes, the network goes on, but the page's timers are held up. */
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
      this.#pass(this.#runsAt(next));
      this.#tasks.delete(next);
      next.run();
    }
    this.#pass(until);
  }

  /** Of what is held up until the same moment, that which was due first is the first to run. */
  #first(until: number, isRun: (task: Task) => boolean): Task | undefined {
    let first: Task | undefined;
    let at = until;
    for (const task of this.#tasks) {
      const runsAt = this.#runsAt(task);
      if (runsAt > at || !isRun(task)) continue;
      if (first && runsAt === at && first.due <= task.due) continue;
      first = task;
      at = runsAt;
    }
    return first;
  }

  #runsAt({ kind, due }: Task): number {
    return kind === 'timer' ? this.timerRunsAt(due) : due;
  }

  #pass(to: number): void {
    if (to <= this.#now) return;
    this.#wall += to - this.#now;
    this.#now = to;
  }
}
