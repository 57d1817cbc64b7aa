import type { SendResult } from '../../../src/core.ts';
import type { SimulatedSocket } from '../../support/simulation/socket.ts';

/** Fails with words of its own; `expect` is too slow for a million steps. */
export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

const withoutQuery = (url: string) => url.replace(/[?].*/, '');

/** What became of each message: sent once, in order, to its own scope; or dropped; or still waiting. */
export class Ledger {
  /** What is queued, in order. */
  waiting: string[] = [];
  /** What the socket took as it was sent. */
  readonly #direct = new Set<string>();
  readonly #scopes = new Map<string, string | null | undefined>();
  readonly #dropped: string[] = [];
  /** How much of what each socket took has been read. */
  readonly #read: number[] = [];
  #messages = 0;

  nextId(): string {
    return `m${++this.#messages}`;
  }

  /** What `send()` has answered. */
  enter(id: string, result: SendResult, scope: string | null | undefined): void {
    this.#scopes.set(id, scope);
    if (result === 'queued') this.waiting.push(id);
    if (result === 'sent') this.#direct.add(id);
  }

  /** What a `drop` event has told. */
  drops(ids: readonly string[]): void {
    this.#dropped.push(...ids);
  }

  /** Reads what the sockets have taken since the last time. */
  read(sockets: readonly SimulatedSocket[], explicitScope: string | undefined): void {
    for (const id of this.#dropped.splice(0)) {
      assert(this.waiting.includes(id), `drops ${id}, which does not wait`);
      this.waiting = this.waiting.filter((other) => other !== id);
    }
    for (const [index, { sent, url }] of sockets.entries()) {
      const frames = sent.slice(this.#read[index] ?? 0) as string[];
      for (const frame of frames) if (frame !== 'ping') this.#sent(frame, url, explicitScope);
      this.#read[index] = sent.length;
    }
  }

  #sent(id: string, url: string, explicitScope: string | undefined): void {
    if (!this.#direct.delete(id)) {
      const next = this.waiting.shift();
      assert(next === id, `sends ${id} instead of ${next ?? 'nothing'}`);
    }
    const scope = this.#scopes.get(id) ?? url;
    const isOwn = scope === explicitScope || scope === url || scope === withoutQuery(url);
    assert(isOwn, `sends ${id} of ${scope} to ${url}`);
  }

  /** All accounts are settled. */
  close(sockets: readonly SimulatedSocket[]): void {
    assert(this.#direct.size === 0, 'what was called sent has not been');
    for (const { swallowed } of sockets)
      assert(swallowed.length === 0, 'a socket that was closing has swallowed a message');
  }
}
