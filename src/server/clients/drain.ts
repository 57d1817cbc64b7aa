import { SERVICE_RESTART } from '../../core/protocol/close-codes.ts';
import type { AnyIdentity, ServerClient } from './client.ts';

/** Closes all clients over a period, so that they do not all reconnect at the same moment. */
export class Drain {
  readonly #clients: Iterable<ServerClient<AnyIdentity>>;
  /** A timer for each client that will be closed later. */
  readonly #timers = new Map<ServerClient<AnyIdentity>, NodeJS.Timeout>();
  #endsAt = Infinity;

  constructor(clients: Iterable<ServerClient<AnyIdentity>>) {
    this.#clients = clients;
  }

  /** Closes all clients, evenly spread over a period in milliseconds. A later call counts only if its period ends earlier. */
  start(period: number): void {
    const endsAt = performance.now() + period;
    if (endsAt >= this.#endsAt) return;
    this.#endsAt = endsAt;
    const open = [...this.#clients].filter(({ isOpen }) => isOpen);
    for (const [index, client] of open.entries()) {
      const restart = () => client.close(SERVICE_RESTART, 'The server restarts.');
      const close = () => (client.delivery ? client.delivery.finish(restart) : restart());
      clearTimeout(this.#timers.get(client));
      if (index === 0 || period === 0) close();
      else this.#timers.set(client, setTimeout(close, (period * index) / open.length));
    }
  }

  /** Clears the timer of a client that is gone, because a timer keeps the process alive. */
  forget(client: ServerClient<AnyIdentity>): void {
    clearTimeout(this.#timers.get(client));
    this.#timers.delete(client);
  }
}
