import type { Buffer } from 'node:buffer';
import type { RedisConnection } from './client.ts';
import type { RedisNodeClient } from './cluster-client.ts';

const MOVED = 'its slot has moved to another master';

/** A connection to the master of a slot, with sharded channels. */
export class SlotConnection implements RedisConnection {
  readonly #create: () => Promise<RedisNodeClient>;
  #onError = (_error: Error): void => {};
  #client: RedisNodeClient | undefined;
  #isDestroyed = false;

  /** @param create - Makes the client, with the master that the slot has now. */
  constructor(create: () => Promise<RedisNodeClient>) {
    this.#create = create;
  }

  on(_type: 'error', listener: (error: Error) => void): void {
    this.#onError = listener;
  }

  async connect(): Promise<void> {
    const client = await this.#create();
    client.on('error', (error) => this.#onError(clear(error)));
    // Not emitted if an answer is awaited just then: other checks find that, too, but later.
    client.on('sharded-channel-moved', () => this.#onError(new Error(MOVED)));
    if (this.#isDestroyed) return;
    this.#client = client;
    await client.connect();
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#client?.destroy();
  }

  async sendCommand(
    ...[args, options]: Parameters<RedisConnection['sendCommand']>
  ): Promise<unknown> {
    return explained(this.#connected.sendCommand(sharded(args), options));
  }

  async subscribe(...args: Parameters<RedisConnection['subscribe']>): Promise<unknown> {
    return explained(this.#connected.sSubscribe(...args));
  }

  async unsubscribe(channels: string | string[]): Promise<unknown> {
    return explained(this.#connected.sUnsubscribe(channels));
  }

  get #connected(): RedisNodeClient {
    if (!this.#client) throw new Error('there is no connection');
    return this.#client;
  }
}

/**
 * Returns an error that says what has happened. When a slot moves, Redis ends subscriptions, and the client may take that for an
 * answer, and lose track of the others.
 */
function clear(error: Error): Error {
  if (!(error instanceof TypeError)) return error;
  return new Error('its answers came out of order, as when a slot moves', { cause: error });
}

/** Returns a command that publishes on sharded channels, also in a script. */
function sharded([name = '', ...args]: readonly (string | Buffer)[]): (string | Buffer)[] {
  if (name === 'PUBLISH') return ['SPUBLISH', ...args];
  const at = ['EVAL', 'SCRIPT'].indexOf(String(name));
  if (at < 0) return [name, ...args];
  // The text of EVAL comes first, that of SCRIPT LOAD second.
  return [
    name,
    ...args.map((arg, n) => (n === at ? String(arg).replaceAll("'PUBLISH'", "'SPUBLISH'") : arg)),
  ];
}

/** Resolves with an answer, or rejects with an error that says what it means in a cluster. */
async function explained(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    const { message } = error as Error;
    // This is no refusal: the next link finds the other master.
    if (message.startsWith('MOVED')) throw new Error(MOVED, { cause: error });
    const [, command] = /^ERR unknown command .?(S(?:SUBSCRIBE|PUBLISH))/i.exec(message) ?? [];
    if (!command) throw error;
    const fact = `ERR unknown command ${command.toUpperCase()}`;
    throw new Error(`${fact}: a cluster needs Redis 7 or newer`, { cause: error });
  }
}
