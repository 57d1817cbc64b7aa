import type { SendResult } from '../../../src/core.ts';
import type { SimulatedSocket } from '../../../src/testing/simulation/socket.ts';
import { assert } from './assert.ts';
import { LOGIN } from './setup.ts';
import { Subscriptions, isRequest } from './topics.ts';

type Scope = string | null | undefined;

/** What became of each message: sent once, in order, to its own scope; or dropped; or still waiting. */
export class Ledger {
  /** The queued messages, in order. */
  waiting: string[] = [];
  /** All messages in the order in which they were encoded: a handler may send one during another send(). */
  readonly #encoded: string[] = [];
  /** Messages that `send()` called sent. */
  readonly #direct = new Set<string>();
  /** Messages that were queued and have been sent, until their `flush` event. */
  readonly #flushing: string[] = [];
  readonly #flushed: string[] = [];
  readonly #dropped: string[] = [];
  /** The scope of each message and link. */
  readonly #scopes = new Map<string | SimulatedSocket, Scope>();
  readonly #subscriptions = new WeakMap<object, Subscriptions>();
  /** How many frames of each socket have been read. */
  readonly #read: number[] = [];
  #messages = 0;

  nextId(): string {
    return `m${++this.#messages}`;
  }

  encodes(id: string): void {
    this.#encoded.push(id);
  }

  /** Notes what `send()` returned. */
  record(id: string, result: SendResult, scope: Scope): void {
    this.#scopes.set(id, scope);
    if (result === 'queued') {
      const later = this.#encoded.slice(this.#encoded.lastIndexOf(id) + 1);
      const before = this.waiting.findIndex((other) => later.includes(other));
      this.waiting.splice(before < 0 ? this.waiting.length : before, 0, id);
    }
    if (result === 'sent') this.#direct.add(id);
  }

  /** Notes the messages of a `drop` event. */
  drops(ids: readonly string[]): void {
    this.#dropped.push(...ids);
  }

  /** Notes the messages of a `flush` event. */
  flushes(ids: readonly string[]): void {
    this.#flushed.push(...ids);
  }

  /** The topics that a socket has subscribed to. */
  subscriptionsOf(socket: object): Subscriptions {
    const subscriptions = this.#subscriptions.get(socket) ?? new Subscriptions();
    this.#subscriptions.set(socket, subscriptions);
    return subscriptions;
  }

  /** A link has opened. */
  opens(socket: SimulatedSocket, scope: Scope, topics: readonly string[]): void {
    this.#scopes.set(socket, scope);
    this.subscriptionsOf(socket).mustSubscribe = topics.length > 0;
  }

  /** Reads the frames that sockets have sent since the last call. */
  read(sockets: readonly SimulatedSocket[]): void {
    for (const id of this.#dropped.splice(0)) {
      assert(this.waiting.includes(id), `drops ${id}, which is not queued`);
      this.waiting = this.waiting.filter((other) => other !== id);
    }
    for (const [index, socket] of sockets.entries()) {
      const { sent } = socket;
      const from = this.#read[index] ?? 0;
      if (from === sent.length) continue;
      this.#read[index] = sent.length;
      const subscriptions = this.subscriptionsOf(socket);
      for (const frame of sent.slice(from) as string[])
        if (isRequest(frame)) subscriptions.reads(frame);
        else if (frame !== 'ping' && frame !== LOGIN && this.#sent(frame, socket))
          subscriptions.readsQueued();
    }
    const flushed = this.#flushed.splice(0).join();
    const expected = this.#flushing.splice(0).join();
    assert(flushed === expected, `the flush event has ${flushed} instead of ${expected}`);
  }

  /** Checks a sent message, and returns whether it was queued before. */
  #sent(id: string, socket: SimulatedSocket): boolean {
    const wasQueued = !this.#direct.delete(id);
    if (wasQueued) {
      const next = this.waiting.shift();
      assert(next === id, `sends ${id} instead of ${next ?? 'nothing'}`);
      this.#flushing.push(id);
    }
    // A message queued before the scope was known belongs to the first scope.
    const own = this.#scopes.get(socket);
    const scope = this.#scopes.get(id) ?? own;
    assert(scope === own, `sends ${id} of ${scope} to ${own}`);
    return wasQueued;
  }

  /** No message may be left over at the end. */
  close(sockets: readonly SimulatedSocket[]): void {
    assert(this.#direct.size === 0, 'a message that was called sent was not sent');
    for (const { ignored } of sockets)
      assert(ignored.length === 0, 'a message was given to a closing socket');
  }
}
