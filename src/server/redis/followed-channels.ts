import type { Buffer } from 'node:buffer';
import { Graces } from '../presence/graces.ts';
import type { RedisLink } from './link.ts';

/**
 * How long a channel is still received after nobody follows it, in milliseconds: long enough for a client that reconnects, or
 * a page that is loaded again.
 */
export const LINGER = 5_000;

/** How many channels one command names. All others that use Redis wait for it. */
const BATCH = 1_000;

/** The Redis channels that a server receives: a set that each new link subscribes to, and that changes follow. */
export class FollowedChannels {
  readonly #listener: (message: Buffer) => void;
  readonly #channels = new Set<string>();
  readonly #lingers = new Graces<string>(LINGER, (channel) => this.#end(channel));
  #link: RedisLink | undefined;

  constructor(listener: (message: Buffer) => void) {
    this.#listener = listener;
  }

  /** Receives a channel from now on. The command is on its way to Redis before any that is sent later. */
  follow(channel: string): void {
    this.#lingers.cancel(channel);
    if (this.#channels.has(channel)) return;
    this.#channels.add(channel);
    const link = this.#link;
    // Who cannot subscribe must not seem to work.
    link?.subscribe(channel, this.#listener).catch((error: Error) => link.lose(error));
  }

  /** Receives a channel no longer, after a while. */
  unfollow(channel: string): void {
    if (this.#channels.has(channel)) this.#lingers.start(channel);
  }

  /** Subscribes to all channels over a link, and keeps it in step with them. Rejects if Redis does not confirm. */
  async attach(link: RedisLink): Promise<void> {
    this.#link = link;
    const channels = [...this.#channels];
    for (let at = 0; at < channels.length; at += BATCH) {
      const batch = channels.slice(at, at + BATCH).filter((channel) => this.#channels.has(channel));
      if (batch.length > 0) await link.subscribe(batch, this.#listener);
    }
  }

  /** Leaves the link. The next one gets all channels. */
  detach(): void {
    this.#link = undefined;
  }

  stop(): void {
    this.#channels.clear();
    this.#lingers.stop();
  }

  #end(channel: string): void {
    this.#channels.delete(channel);
    const link = this.#link;
    link?.unsubscribe(channel).catch((error: Error) => link.lose(error));
  }
}
