import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import type { WebSocketServer } from 'ws';
import { type Task, TaskQueue } from '../../../src/testing/simulation/task-queue.ts';

/**
 * A process on a simulated clock. It may sleep: then its timers are late, each fires once, and only afterwards it gets
 * what arrived meanwhile.
 */
export class SimulatedProcess {
  #now = 1_000;
  #order = 0;
  #timers = new TaskQueue();
  readonly #outside = new TaskQueue();
  /** The spans of time in which it slept. */
  readonly sleeps: (readonly [from: number, to: number])[] = [];

  get now(): number {
    return this.#now;
  }

  /** Replaces the real clock and timers; `vi.unstubAllGlobals()` restores them. */
  install(): void {
    vi.stubGlobal('performance', { now: () => this.#now });
    vi.stubGlobal('Date', { now: () => this.#now });
    vi.stubGlobal('setTimeout', (run: () => void, ms: number) => this.#add(this.#timers, ms, run));
    vi.stubGlobal('setInterval', (run: () => void, ms: number) => this.#repeat(run, ms));
    const clear = (timer?: { task?: Task } | Task) => {
      const task = timer && 'task' in timer ? timer.task : (timer as Task | undefined);
      if (task) this.#timers.delete(task);
    };
    vi.stubGlobal('clearTimeout', clear);
    vi.stubGlobal('clearInterval', clear);
  }

  /** Something that reaches the process after so many milliseconds. */
  later(ms: number, run: () => void | Promise<void>): void {
    this.#add(this.#outside, ms, run);
  }

  async runUntil(end: number): Promise<void> {
    for (;;) {
      const [timer, event] = [this.#timers.first, this.#outside.first];
      const queue = timer && timer.due <= (event?.due ?? Infinity) ? this.#timers : this.#outside;
      const task = queue.first;
      if (!task || task.due > end) break;
      queue.delete(task);
      this.#now = Math.max(this.#now, task.due);
      // oxlint-disable-next-line no-await-in-loop -- one thing happens after another
      await (task.run() as void | Promise<void>);
    }
    this.#now = end;
  }

  sleep(ms: number): void {
    this.sleeps.push([this.#now, this.#now + ms]);
    this.#now += ms;
    for (let timer; (timer = this.#timers.first) && timer.due <= this.#now;) {
      this.#timers.delete(timer);
      timer.run();
    }
  }

  /** Restarts without timers. */
  restart(): void {
    this.#timers = new TaskQueue();
  }

  /** The time at which it has been awake for so many milliseconds. */
  awakeFor(ms: number, since: number): number {
    let end = since + ms;
    for (const [from, to] of this.sleeps) if (to > since && from < end) end += to - from;
    return end;
  }

  #add(queue: TaskQueue, ms: number, run: () => void | Promise<void>): Task {
    const task: Task = { kind: 'timer', due: this.#now + ms, order: this.#order++, run };
    queue.add(task);
    return task;
  }

  #repeat(run: () => void, ms: number) {
    const timer: { task?: Task } = {};
    const next = () =>
      this.#add(this.#timers, ms, () => {
        timer.task = next();
        run();
      });
    timer.task = next();
    return timer;
  }
}

/** The part of a ws socket that the server uses. */
export class SimulatedSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly bufferedAmount = 0;
  /** Answers a ping; null if the client is silent. */
  answers: ((pong: () => void) => void) | null;

  constructor(answers: (pong: () => void) => void) {
    super();
    this.answers = answers;
  }

  ping(): void {
    this.answers?.(() => {
      if (this.answers) this.emit('pong');
    });
  }

  /** Ignores what is sent. A test that needs it replaces this method. */
  send(_frame: string | Uint8Array): void {}

  terminate(): void {
    this.ends(1006);
  }

  close(): void {
    this.readyState = 2;
  }

  /** The server notices its end. */
  ends(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.emit('close', code, Buffer.alloc(0));
  }
}

/** The part of the WebSocketServer of ws that the server uses: it passes on the simulated socket. */
export class SimulatedSocketServer extends EventEmitter {
  handleUpgrade(...[request, socket, , done]: Parameters<WebSocketServer['handleUpgrade']>): void {
    done(socket as never, request);
  }
}
