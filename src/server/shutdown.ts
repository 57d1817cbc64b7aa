import type { Admission } from './admission/admission.ts';
import type { Broadcaster } from './broadcasts/broadcaster.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Clients } from './clients/clients.ts';
import type { Drain } from './clients/drain.ts';
import { isPeriod, MAX_PERIOD } from './limits/period.ts';
import type { PresenceStore } from './presence/store.ts';
import type { Watchers } from './presence/watchers.ts';

/** The parts of a server that must stop with it. */
interface ShutdownParts<Identity extends AnyIdentity> {
  readonly admission: Admission<Identity>;
  readonly clients: Clients<Identity, never>;
  readonly drain: Drain;
  readonly watchers: Watchers<ServerClient<Identity>>;
  readonly presence: PresenceStore;
  readonly broadcaster: Broadcaster<Identity>;
  readonly delivery: { stop(): Promise<void> };
  /** Stops taking upgrade requests. */
  readonly stopListening: () => Promise<void>;
}

/** Stops a server: refuses new clients, closes all clients, and stops the parts when the last client is gone. */
export class Shutdown<Identity extends AnyIdentity> {
  readonly #parts: ShutdownParts<Identity>;
  #finished: Promise<void> | undefined;

  constructor(parts: ShutdownParts<Identity>) {
    this.#parts = parts;
  }

  /** Closes the clients over a period in milliseconds, and waits for the end. A second call can only shorten the period. */
  async close(period: number): Promise<void> {
    if (!isPeriod(period))
      throw new TypeError(
        `drain must be a number of milliseconds from 0 to ${MAX_PERIOD}, not ${String(period)}.`,
      );
    this.#parts.admission.close();
    this.#parts.drain.start(period);
    await (this.#finished ??= this.#stopParts());
  }

  async #stopParts(): Promise<void> {
    const { admission, clients, watchers, presence, broadcaster, delivery, stopListening } =
      this.#parts;
    await Promise.all([clients.whenEmpty(), admission.whenDecided()]);
    watchers.stop();
    await stopListening();
    await Promise.all([presence.stop(), broadcaster.stop(), delivery.stop()]);
  }
}
