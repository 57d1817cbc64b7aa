import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type {
  OutboxState,
  OutboxStore,
  OwnedOutbox,
  StoredMessage,
} from '../../../src/core/delivery/outbox-store.ts';

interface Kept {
  state?: OutboxState;
  readonly messages: Map<number, StoredMessage>;
}

const { port1, port2 } = new MessageChannel();

/** A structured clone, as IndexedDB makes it. React Native has no function for that. */
function clone<Value>(value: Value): Value {
  port1.postMessage(value);
  return receiveMessageOnPort(port2)?.message as Value;
}

/** A store that outlives the pages of a test, and does what the test says. */
export class SimulatedStore implements OutboxStore {
  readonly outboxes = new Map<string, Kept>();
  /** The keys of the outboxes that a page owns. */
  readonly owners = new Set<string>();
  /** What every change rejects with. */
  failure: Error | null = null;
  #held: ((failure?: Error) => void)[] | null = null;
  #keys = 0;

  /** What is stored, as texts: the number and the message. */
  get stored(): string[] {
    return [...this.outboxes.values()].flatMap(({ messages }) =>
      Array.from(messages.values(), ({ number, message }) => `${number} ${String(message)}`),
    );
  }

  /** From now on, nothing is committed until `commits()`. */
  holds(): void {
    this.#held = [];
  }

  commits(failure?: Error): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const commit of held) commit(failure);
  }

  /** What was held is not committed, and its promises reject. */
  aborts(): void {
    this.commits(new Error('The disk is full.'));
  }

  /** The page is closed: its locks end, and what it has not committed is lost. */
  pageEnds(): void {
    this.owners.clear();
    if (this.#held) this.#held = [];
  }

  async load(): Promise<OwnedOutbox> {
    await this.#change(() => {});
    const free = [...this.outboxes.keys()].find((key) => !this.owners.has(key));
    const key = free ?? `key ${++this.#keys}`;
    this.owners.add(key);
    const kept = this.outboxes.get(key);
    return {
      state: kept?.state,
      messages: [...(kept?.messages.values() ?? [])],
      put: async (state, message) => {
        const copy = clone(message);
        return this.#change(() => {
          const { messages } = this.outboxes.get(key) ?? { messages: new Map() };
          if (copy) messages.set(copy.number, copy);
          this.outboxes.set(key, { state, messages });
        });
      },
      remove: async (numbers) =>
        this.#change(() => {
          for (const number of numbers) this.outboxes.get(key)?.messages.delete(number);
        }),
      clear: async () => this.#change(() => void this.outboxes.delete(key)),
      release: () => void this.owners.delete(key),
    };
  }

  async #change(make: () => void): Promise<void> {
    if (this.failure) throw this.failure;
    const held = this.#held;
    if (held)
      await new Promise<void>((resolve, reject) =>
        held.push((failure) => (failure ? reject(failure) : resolve())),
      );
    make();
  }
}
