import type { Buffer } from 'node:buffer';
import type { Position } from '../history/store.ts';
import { type HistoryLink, StaleError } from './history-link.ts';
import { isAnswer, isRefusal } from './refusal.ts';
import { PATIENCE } from './timing.ts';

/** How many bytes may wait for Redis. */
const MAX_WAITING = 16 * 1_048_576;

/** How many messages are under way to Redis at once: so few that a busy one answers them in time, or the link would be given up, and all sent again. */
const AT_ONCE = 100;

interface Append {
  /** Which one of this server it is. Redis records each once, and only in order. */
  turn: number;
  /** The data in which an attempt without an answer may have recorded it; empty if there was none. */
  since: string;
  readonly topic: string;
  readonly data: Buffer;
  /** Until when it waits for Redis, in the time of `performance.now()`. */
  readonly deadline: number;
  readonly done: (position: Position | null) => void;
  readonly failed: (error: Error) => void;
}

/** The messages of this server that Redis has not confirmed, in order. Each link is given them again. */
export class HistoryAppends {
  readonly #server: string;
  readonly #waiting = new Set<Append>();
  /** Those of them that the present link was not given yet. */
  #unsent = new Set<Append>();
  /** How many the present link has not answered. */
  #underWay = 0;
  #turn = 0;
  #bytes = 0;
  #link: HistoryLink | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Why the last message was not recorded; undefined if it was. */
  #failure: Error | undefined;
  /** Called when nothing waits, while this server stops. */
  #onEmpty: (() => void) | undefined;

  constructor(server: string) {
    this.#server = server;
  }

  /** Resolves with the position of the message when it was recorded; null if this is not known, or nobody can ask for it. */
  add(topic: string, data: Buffer): Promise<Position | null> {
    return new Promise((done, failed) => {
      if (this.#onEmpty) return failed(this.#same(stopped()));
      if (this.#bytes + data.length > MAX_WAITING) return failed(this.#same(tooSlow()));
      const deadline = performance.now() + PATIENCE;
      const append: Append = {
        turn: ++this.#turn,
        since: '',
        topic,
        data,
        deadline,
        done,
        failed,
      };
      this.#waiting.add(append);
      this.#bytes += data.length;
      this.#watch();
      this.#unsent.add(append);
      this.#sendMore();
    });
  }

  /** Sends all that waits over a link, and what comes later. */
  attach(link: HistoryLink): void {
    this.#link = link;
    this.#unsent = new Set(this.#waiting);
    this.#underWay = 0;
    this.#sendMore();
  }

  /** Leaves the link. */
  detach(): void {
    this.#link = undefined;
    if (this.#onEmpty) this.#failAll();
  }

  /** Takes no more, and resolves when what waits was recorded, or cannot be. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      if (!this.#link) this.#failAll();
      if (this.#waiting.size === 0) resolve();
    });
    clearTimeout(this.#timer);
  }

  #sendMore(): void {
    const link = this.#link;
    if (!link) return;
    for (const append of this.#unsent) {
      if (this.#underWay >= AT_ONCE) return;
      this.#unsent.delete(append);
      this.#underWay++;
      void this.#send(append, link);
    }
  }

  async #send(append: Append, link: HistoryLink): Promise<void> {
    const { since } = append;
    append.since ||= link.born;
    try {
      const position = await link.append({ ...append, server: this.#server, since });
      this.#settle(append, position === undefined ? notRecorded() : position);
    } catch (error) {
      this.#failed(append, since, link, error as Error);
    }
    if (this.#link !== link) return;
    this.#underWay--;
    this.#sendMore();
  }

  #failed(append: Append, since: string, link: HistoryLink, error: Error): void {
    if (!this.#waiting.has(append)) return;
    const isStale = error instanceof StaleError;
    // Nobody can tell whether Redis has recorded it. The next link asks.
    if (!isStale && !isAnswer(error)) return;
    // Redis has answered, so this attempt has recorded nothing.
    append.since = since;
    if (isFinal(error)) return this.#settle(append, error);
    if (since === '') this.#queueAgain(append);
    // An earlier attempt has had no answer, and other data may have the record.
    else if (!isStale) this.#settle(append, notRecorded());
    if (!isStale) link.lose(error);
  }

  /** Puts a message behind all others, of which some may have been recorded. */
  #queueAgain(append: Append): void {
    append.turn = ++this.#turn;
    this.#waiting.delete(append);
    this.#waiting.add(append);
  }

  #settle(append: Append, result: Position | null | Error): void {
    if (!this.#waiting.delete(append)) return;
    this.#unsent.delete(append);
    this.#bytes -= append.data.length;
    if (result instanceof Error) append.failed(this.#same(result));
    else {
      this.#failure = undefined;
      append.done(result);
    }
    if (this.#waiting.size === 0) this.#onEmpty?.();
  }

  #failAll(): void {
    for (const append of this.#waiting) this.#settle(append, notRecorded());
  }

  /** Returns the last error if it says the same, so that it is reported once. */
  #same(error: Error): Error {
    if (this.#failure?.message !== error.message) this.#failure = error;
    return this.#failure;
  }

  /** Gives up what has waited for too long. */
  #watch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const now = performance.now();
      for (const append of this.#waiting)
        if (append.deadline <= now) this.#settle(append, notRecorded());
      if (this.#waiting.size > 0) this.#watch();
    }, PATIENCE / 10).unref();
  }
}

/** Whether the next attempt, at once, would end like this one. */
const isFinal = (error: Error) => isRefusal(error) || /\bOOM\b/.test(error.message);

const stopped = () => new Error('The server has stopped, and records no messages of topics.');

const notRecorded = () =>
  new Error(
    `Redis has not confirmed a message of a topic for ${PATIENCE / 1_000} s, or what it had recorded is lost. Clients with a session may not get it: send it again if it matters.`,
  );

const tooSlow = () =>
  new Error(
    `Redis is too slow: ${MAX_WAITING / 1_048_576} MiB of messages of topics wait for it. Until it has caught up, new ones are not recorded: send less, or give Redis a faster network.`,
  );
