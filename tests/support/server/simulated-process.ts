import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import type { WebSocketServer } from 'ws';
import { type Task, TaskQueue } from '../simulation/task-queue.ts';

/**
 * A process on a simulated clock, and a world around it. It may sleep: then its timers are late, each runs once, and
 * only then it reads what came in meanwhile.
 */
export class SimulatedProcess {
  #now = 1_000;
  #order = 0;
  #timers = new TaskQueue();
  readonly #world = new TaskQueue();
  /** From when to when it slept. */
  readonly sleeps: (readonly [from: number, to: number])[] = [];

  get now(): number {
    return this.#now;
  }

  /** Puts its clock and timers in place of the real ones; `vi.unstubAllGlobals()` puts them back. */
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
    this.#add(this.#world, ms, run);
  }

  async runUntil(end: number): Promise<void> {
    for (;;) {
      const [timer, event] = [this.#timers.first, this.#world.first];
      const queue = timer && timer.due <= (event?.due ?? Infinity) ? this.#timers : this.#world;
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

  /** Begins anew, with no timer. */
  restart(): void {
    this.#timers = new TaskQueue();
  }

  /** When it has been awake for so many milliseconds. */
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

/** As much of a socket of ws as the server uses. */
export class SimulatedSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly bufferedAmount = 0;
  /** Answers a ping; null: it has gone silent. */
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

  /** Drops what is sent; a test that wants it takes this method's place. */
  send(_frame: string | Uint8Array): void {}

  terminate(): void {
    this.ends(1006);
  }

  close(): void {
    this.readyState = 2;
  }

  /** The server learns that it is gone. */
  ends(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.emit('close', code, Buffer.alloc(0));
  }
}

/** As much of the WebSocketServer of ws: what is handed over is the simulated socket itself. */
export class SimulatedSocketServer {
  handleUpgrade(...[request, socket, , done]: Parameters<WebSocketServer['handleUpgrade']>): void {
    done(socket as never, request);
  }
}
