import { POLICY_VIOLATION } from '../../core/protocol/close-codes.ts';
import type { AnyIdentity, ServerClient } from './client.ts';

/** The connected clients. It limits how many of them an identity may have. */
export class Clients<Identity extends AnyIdentity, Out> {
  readonly all: Set<ServerClient<Identity, Out>> = new Set();
  readonly #byIdentity = new Map<string, Set<ServerClient<Identity, Out>>>();
  readonly #maxPerIdentity: number;
  #onEmpty = (): void => {};

  constructor(maxPerIdentity: number) {
    this.#maxPerIdentity = maxPerIdentity;
  }

  add(client: ServerClient<Identity, Out>): void {
    const sameIdentity = this.#byIdentity.get(client.id) ?? new Set();
    makeRoom(sameIdentity, this.#maxPerIdentity);
    this.#byIdentity.set(client.id, sameIdentity.add(client));
    this.all.add(client);
  }

  remove(client: ServerClient<Identity, Out>): void {
    this.all.delete(client);
    const sameIdentity = this.#byIdentity.get(client.id);
    if (sameIdentity?.delete(client) && sameIdentity.size === 0) this.#byIdentity.delete(client.id);
    if (this.all.size === 0) this.#onEmpty();
  }

  /** The clients of an identity. */
  of(id: string): Iterable<ServerClient<Identity, Out>> {
    return this.#byIdentity.get(id) ?? [];
  }

  /** Closes all clients of an identity. */
  close(id: string, code: number, reason: string): void {
    for (const client of this.of(id)) client.close(code, reason);
  }

  /** Waits until all clients are gone. */
  async whenEmpty(): Promise<void> {
    if (this.all.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
  }
}

/**
 * Closes the client whose last frame is the oldest, if an identity has the largest allowed number of clients. Terminates
 * its clients that are still closing: clients that never answer a close could otherwise keep any number of connections.
 */
function makeRoom(clients: ReadonlySet<ServerClient<AnyIdentity>>, max: number): void {
  const open = [...clients].filter(({ isOpen }) => isOpen);
  if (open.length < max) return;
  for (const client of clients) if (!client.isOpen) client.socket.terminate();
  open
    .reduce((oldest, other) => (other.lastFrameAt < oldest.lastFrameAt ? other : oldest))
    .close(POLICY_VIOLATION, 'Too many connections.');
}
