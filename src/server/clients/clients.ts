import { POLICY_VIOLATION, SERVICE_RESTART } from '../../core/protocol/close-codes.ts';
import type { AnyIdentity, ServerClient } from './client.ts';
import { type Patience, SWEEP, sweep } from './sweeper.ts';

/** The clients that are connected, and the one timer that looks after them. */
export class Clients<Identity extends AnyIdentity> {
  readonly all: Set<ServerClient<Identity>> = new Set();
  /** The time of the sweep, in milliseconds. */
  now = 0;
  readonly #ofIdentity = new Map<string, Set<ServerClient<Identity>>>();
  readonly #patience: Patience;
  #timer: NodeJS.Timeout | undefined;
  /** When each client is closed that waits for it. */
  readonly #turns = new Map<ServerClient<Identity>, NodeJS.Timeout>();
  #drainedAt = Infinity;
  #emptied = (): void => {};

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /**
   * Adds a client. Where its identity has more than `limit` then, the one that has been silent for longest is closed,
   * and those that have not answered that yet are ended: else who never answers would hold any number of them.
   */
  add(client: ServerClient<Identity>, limit: number): void {
    const { id } = client;
    const same = this.#ofIdentity.get(id) ?? new Set();
    const open = [...same].filter(({ isOpen }) => isOpen);
    if (open.length >= limit) {
      for (const other of same) if (!other.isOpen) other.socket.terminate();
      open
        .reduce((silent, other) => (other.heardAt < silent.heardAt ? other : silent))
        .close(POLICY_VIOLATION, 'Too many connections.');
    }
    this.#ofIdentity.set(id, same.add(client));
    this.all.add(client);
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP);
  }

  remove(client: ServerClient<Identity>): void {
    const { id } = client;
    this.all.delete(client);
    clearTimeout(this.#turns.get(client));
    this.#turns.delete(client);
    const same = this.#ofIdentity.get(id);
    if (same?.delete(client) && same.size === 0) this.#ofIdentity.delete(id);
    if (this.all.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#emptied();
  }

  /** Closes all clients, evenly spread over so many milliseconds. Once more, with less time, hurries those that are left. */
  drain(period: number): void {
    const drainedAt = performance.now() + period;
    if (drainedAt >= this.#drainedAt) return;
    this.#drainedAt = drainedAt;
    const open = [...this.all].filter(({ isOpen }) => isOpen);
    for (const [index, client] of open.entries()) {
      const close = () => client.close(SERVICE_RESTART, 'The server restarts.');
      clearTimeout(this.#turns.get(client));
      if (index === 0 || period === 0) close();
      else this.#turns.set(client, setTimeout(close, (period * index) / open.length));
    }
  }

  /** Waits until all clients are gone. */
  async gone(): Promise<void> {
    if (this.all.size > 0) await new Promise<void>((resolve) => (this.#emptied = resolve));
  }

  #sweep(): void {
    this.now += SWEEP;
    for (const client of this.all) sweep(client, this.now, this.#patience);
  }
}
