import { POLICY_VIOLATION } from '../../core/protocol/close-codes.ts';
import type { AnyIdentity, ServerClient } from './client.ts';

/** The clients that are connected, and how many of them an identity may have. */
export class Clients<Identity extends AnyIdentity> {
  readonly all: Set<ServerClient<Identity>> = new Set();
  readonly #byIdentity = new Map<string, Set<ServerClient<Identity>>>();
  readonly #maxPerIdentity: number;
  #onEmpty = (): void => {};

  constructor(maxPerIdentity: number) {
    this.#maxPerIdentity = maxPerIdentity;
  }

  add(client: ServerClient<Identity>): void {
    const sameIdentity = this.#byIdentity.get(client.id) ?? new Set();
    makeRoom(sameIdentity, this.#maxPerIdentity);
    this.#byIdentity.set(client.id, sameIdentity.add(client));
    this.all.add(client);
  }

  remove(client: ServerClient<Identity>): void {
    this.all.delete(client);
    const sameIdentity = this.#byIdentity.get(client.id);
    if (sameIdentity?.delete(client) && sameIdentity.size === 0) this.#byIdentity.delete(client.id);
    if (this.all.size === 0) this.#onEmpty();
  }

  /** Waits until all clients are gone. */
  async whenEmpty(): Promise<void> {
    if (this.all.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
  }
}

/**
 * Where the clients of an identity are as many as are allowed, closes the one that has been silent for longest. Terminates
 * those that have not answered an earlier close: clients that never answer would otherwise hold any number of connections.
 */
function makeRoom(clients: ReadonlySet<ServerClient<AnyIdentity>>, max: number): void {
  const open = [...clients].filter(({ isOpen }) => isOpen);
  if (open.length < max) return;
  for (const client of clients) if (!client.isOpen) client.socket.terminate();
  open
    .reduce((silent, other) => (other.lastFrameAt < silent.lastFrameAt ? other : silent))
    .close(POLICY_VIOLATION, 'Too many connections.');
}
