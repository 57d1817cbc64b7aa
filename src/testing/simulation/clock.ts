import type { Clock } from '../../core/platform/clock.ts';
import { isBefore, type Task, TaskQueue } from './task-queue.ts';

/** How a {@link SimulatedClock} differs from the one of most tests. */
export interface ClockOptions {
  /** The wall clock time at the start, in milliseconds since the Unix epoch. @defaultValue that of 1 January 2030 */
  readonly wall?: number;
  /** How long an animation frame takes, in milliseconds. @defaultValue 16 */
  readonly frame?: number;
  /** The shortest time that a timer takes, in milliseconds. @defaultValue 0 */
  readonly shortestTimer?: number;
  /** Called when something other than a timer is due at once. */
  readonly onDue?: () => void;
}

const everything = () => true;

/** Whether a task runs outside the page, and so goes on while the page is blocked. */
export const isOutsidePage = ({ kind }: Task): boolean => kind === 'outside';

/** Time that passes only when a test says so. Due tasks run meanwhile, in order. */
export class SimulatedClock implements Clock {
  #now = 1_000;
  #wall: number;
  #added = 0;
  readonly #options: ClockOptions;
  readonly #queues = { timer: new TaskQueue(), frame: new TaskQueue(), outside: new TaskQueue() };
  readonly #allQueues = Object.values(this.#queues);
  /** Timers fire only once in so many milliseconds; 0 for no limit. */
  throttle = 0;

  constructor(options: ClockOptions = {}) {
    this.#options = options;
    this.#wall = options.wall ?? Date.UTC(2030, 0, 1);
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#wall;
  }

  setTimeout(run: () => void, ms: number): unknown {
    return this.#add('timer', run, Math.max(this.#options.shortestTimer ?? 0, ms));
  }

  clearTimeout(timer: unknown): void {
    this.#queues.timer.delete(timer as Task);
  }

  frame(run: () => void): void {
    this.#add('frame', run, this.#options.frame ?? 16);
  }

  /** Something outside the page: it does not count as a timer, and goes on while the page is blocked. */
  later(ms: number, run: () => void): void {
    this.#add('outside', run, ms);
  }

  /** The timers that the code under test has not cleared. */
  get pendingTimers(): number {
    return this.#queues.timer.size;
  }

  /** When the next task runs, or the next one of a kind; Infinity for never. */
  nextDue(isRun: (task: Task) => boolean = everything): number {
    const next = this.#first(isRun);
    return next ? this.#runsAt(next) : Infinity;
  }

  /** The page is hidden: its timers fire only once in so many milliseconds. 0: it is shown again. */
  throttlesTimers(to: number): void {
    this.throttle = to;
  }

  /** When a timer fires that is due at the given time. */
  timerRunsAt(due: number): number {
    const every = this.throttle;
    return every > 0 ? Math.ceil(Math.max(due, this.#now) / every) * every : due;
  }

  /** Time passes, and every due task runs. */
  advance(ms: number): void {
    this.#run(this.#now + ms, everything);
  }

  /** Time passes until the next task has run. Without one until then, it passes until then; returns false. */
  step(until: number, isRun: (task: Task) => boolean = everything): boolean {
    const next = this.#first(isRun);
    const isDue = next !== undefined && this.#runsAt(next) <= until;
    this.#pass(isDue ? this.#runsAt(next) : until);
    if (!isDue) return false;
    this.#queues[next.kind].delete(next);
    next.run();
    return true;
  }

  /** Time passes and the network goes on, but the page is blocked and its timers fire afterwards. */
  blockPage(ms: number): void {
    this.#run(this.#now + ms, isOutsidePage);
  }

  /** The computer sleeps: nothing happens, and only the wall clock goes on. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  /** The wall clock is set forward or back. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  #add(kind: Task['kind'], run: () => void, ms: number): Task {
    const task = { kind, run, due: this.#now + Math.max(0, ms), order: this.#added++ };
    this.#queues[kind].add(task);
    if (kind !== 'timer' && task.due <= this.#now) this.#options.onDue?.();
    return task;
  }

  #run(until: number, isRun: (task: Task) => boolean): void {
    while (this.step(until, isRun));
  }

  /** The next task. Of several that run at the same time, the one that was due first. */
  #first(isRun: (task: Task) => boolean): Task | undefined {
    let first: Task | undefined;
    let firstAt = Infinity;
    for (const queue of this.#allQueues) {
      // All tasks of a queue are of one kind: if the first may not run, none may.
      const task = queue.first;
      if (!task || !isRun(task)) continue;
      const at = this.#runsAt(task);
      if (first && (at > firstAt || (at === firstAt && isBefore(first, task)))) continue;
      first = task;
      firstAt = at;
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
