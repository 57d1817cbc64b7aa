import { POLICY_VIOLATION } from '../../core/protocol/close-codes.ts';
import type { AnyIdentity, ServerClient } from './client.ts';

/** The connected clients. It limits how many of them an identity may have. */
export class Clients<Identity extends AnyIdentity, Out> {
  readonly all: Set<ServerClient<Identity, Out>> = new Set();
  /** The clients of each identity; in a set only if there are several, because a set of one takes 200 bytes. */
  readonly #byIdentity = new Map<
    string,
    ServerClient<Identity, Out> | Set<ServerClient<Identity, Out>>
  >();
  readonly #maxPerIdentity: number;
  #onEmpty = (): void => {};

  constructor(maxPerIdentity: number) {
    this.#maxPerIdentity = maxPerIdentity;
  }

  add(client: ServerClient<Identity, Out>): void {
    makeRoom([...this.of(client.id)], this.#maxPerIdentity);
    const others = this.#byIdentity.get(client.id);
    if (others instanceof Set) others.add(client);
    else this.#byIdentity.set(client.id, others ? new Set([others, client]) : client);
    this.all.add(client);
  }

  remove(client: ServerClient<Identity, Out>): void {
    this.all.delete(client);
    const all = this.#byIdentity.get(client.id);
    if (all instanceof Set) all.delete(client);
    if (all === client || (all instanceof Set && all.size === 0))
      this.#byIdentity.delete(client.id);
    if (this.all.size === 0) this.#onEmpty();
  }

  /** The clients of an identity. */
  of(id: string): Iterable<ServerClient<Identity, Out>> {
    const all = this.#byIdentity.get(id) ?? [];
    return Symbol.iterator in all ? all : [all];
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
function makeRoom(clients: readonly ServerClient<AnyIdentity>[], max: number): void {
  const open = clients.filter(({ isOpen }) => isOpen);
  if (open.length < max) return;
  for (const client of clients) if (!client.isOpen) client.socket.terminate();
  open
    .reduce((oldest, other) => (other.lastFrameAt < oldest.lastFrameAt ? other : oldest))
    .close(POLICY_VIOLATION, 'Too many connections.');
}
