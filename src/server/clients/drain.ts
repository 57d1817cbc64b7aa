import { SERVICE_RESTART } from '../../core/protocol/close-codes.ts';
import type { AnyIdentity, ServerClient } from './client.ts';

/** Closes all clients over a period, so that they do not come back all at once. */
export class Drain {
  readonly #clients: Iterable<ServerClient<AnyIdentity>>;
  /** For each client that still waits to be closed. */
  readonly #timers = new Map<ServerClient<AnyIdentity>, NodeJS.Timeout>();
  #endsAt = Infinity;

  constructor(clients: Iterable<ServerClient<AnyIdentity>>) {
    this.#clients = clients;
  }

  /** Closes all clients, evenly spread over a period in milliseconds. Called again, it only ever ends sooner. */
  start(period: number): void {
    const endsAt = performance.now() + period;
    if (endsAt >= this.#endsAt) return;
    this.#endsAt = endsAt;
    const open = [...this.#clients].filter(({ isOpen }) => isOpen);
    for (const [index, client] of open.entries()) {
      const close = () => client.close(SERVICE_RESTART, 'The server restarts.');
      clearTimeout(this.#timers.get(client));
      if (index === 0 || period === 0) close();
      else this.#timers.set(client, setTimeout(close, (period * index) / open.length));
    }
  }

  /** The client is gone: its timer would keep the process alive. */
  forget(client: ServerClient<AnyIdentity>): void {
    clearTimeout(this.#timers.get(client));
    this.#timers.delete(client);
  }
}
