import type { SendResult } from '../../../src/core.ts';
import type { SimulatedSocket } from '../../support/simulation/socket.ts';
import { assert } from './assert.ts';
import { Asked, isRequest } from './topics.ts';

type Scope = string | null | undefined;

/** What became of each message: sent once, in order, to its own scope; or dropped; or still waiting. */
export class Ledger {
  /** What is queued, in order. */
  waiting: string[] = [];
  /** All messages in the order in which they were encoded: a handler may send something in the midst of a send. */
  readonly #encoded: string[] = [];
  /** What the socket took as it was sent. */
  readonly #direct = new Set<string>();
  /** What was queued and has been sent, until a `flush` event has told. */
  readonly #flushing: string[] = [];
  readonly #flushed: string[] = [];
  readonly #dropped: string[] = [];
  /** What messages and links belong to. */
  readonly #scopes = new Map<string | SimulatedSocket, Scope>();
  readonly #asked = new WeakMap<object, Asked>();
  /** How much of what each socket took has been read. */
  readonly #read: number[] = [];
  #messages = 0;

  nextId(): string {
    return `m${++this.#messages}`;
  }

  encodes(id: string): void {
    this.#encoded.push(id);
  }

  /** What `send()` has answered. */
  enter(id: string, result: SendResult, scope: Scope): void {
    this.#scopes.set(id, scope);
    if (result === 'queued') {
      const later = this.#encoded.slice(this.#encoded.lastIndexOf(id) + 1);
      const before = this.waiting.findIndex((other) => later.includes(other));
      this.waiting.splice(before < 0 ? this.waiting.length : before, 0, id);
    }
    if (result === 'sent') this.#direct.add(id);
  }

  /** What a `drop` event has told. */
  drops(ids: readonly string[]): void {
    this.#dropped.push(...ids);
  }

  /** What a `flush` event has told. */
  flushes(ids: readonly string[]): void {
    this.#flushed.push(...ids);
  }

  /** What the server at the other end of a socket has been asked for. */
  asked(socket: object): Asked {
    const asked = this.#asked.get(socket) ?? new Asked();
    this.#asked.set(socket, asked);
    return asked;
  }

  /** A link is open. */
  opens(socket: SimulatedSocket, scope: Scope, topics: readonly string[]): void {
    this.#scopes.set(socket, scope);
    this.asked(socket).isOwing = topics.length > 0;
  }

  /** Reads what the sockets have taken since the last time. */
  read(sockets: readonly SimulatedSocket[]): void {
    for (const id of this.#dropped.splice(0)) {
      assert(this.waiting.includes(id), `drops ${id}, which does not wait`);
      this.waiting = this.waiting.filter((other) => other !== id);
    }
    for (const [index, socket] of sockets.entries()) {
      const { sent } = socket;
      const from = this.#read[index] ?? 0;
      if (from === sent.length) continue;
      this.#read[index] = sent.length;
      const asked = this.asked(socket);
      for (const frame of sent.slice(from) as string[])
        if (isRequest(frame)) asked.reads(frame);
        else if (frame !== 'ping' && this.#sent(frame, socket)) asked.readsQueued();
    }
    const flushed = this.#flushed.splice(0).join();
    const expected = this.#flushing.splice(0).join();
    assert(flushed === expected, `tells that it has flushed ${flushed} instead of ${expected}`);
  }

  /** Whether it was queued before. */
  #sent(id: string, socket: SimulatedSocket): boolean {
    const wasQueued = !this.#direct.delete(id);
    if (wasQueued) {
      const next = this.waiting.shift();
      assert(next === id, `sends ${id} instead of ${next ?? 'nothing'}`);
      this.#flushing.push(id);
    }
    // Where there was none yet, what was queued meant the first.
    const own = this.#scopes.get(socket);
    const scope = this.#scopes.get(id) ?? own;
    assert(scope === own, `sends ${id} of ${scope} to ${own}`);
    return wasQueued;
  }

  /** All accounts are settled. */
  close(sockets: readonly SimulatedSocket[]): void {
    assert(this.#direct.size === 0, 'what was called sent has not been');
    for (const { swallowed } of sockets)
      assert(swallowed.length === 0, 'a socket that was closing has swallowed a message');
  }
}
