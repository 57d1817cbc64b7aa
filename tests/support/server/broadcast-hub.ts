import type { BroadcastChannel, BroadcastListener } from '../../../src/server.ts';

/** Connects servers in one process, as Redis connects those of several. */
export class BroadcastHub {
  readonly #listeners = new Set<BroadcastListener>();

  /** Makes the channel of one server. */
  channel(): BroadcastChannel {
    let own: BroadcastListener | undefined;
    return {
      start: (listener) => void this.#listeners.add((own = listener)),
      publish: (broadcast) => {
        for (const listener of this.#listeners) if (listener !== own) listener.deliver(broadcast);
      },
      stop: async () => {},
    };
  }
}
