import type { Buffer } from 'node:buffer';
import {
  AS_BYTES,
  createLinkConnection,
  type RedisClient,
  type RedisConnection,
} from './client.ts';
import type { RedisReporter } from './reporter.ts';
import { ANSWER_TIMEOUT, RESTORE_PERIOD } from './timing.ts';
import { Wait, within } from './waiting.ts';

/** The role of the Redis that a connection has reached. */
export type Role = 'master' | 'replica' | 'unknown';

/** One connection to Redis, from `connect()` until it is lost or destroyed. */
export class RedisLink {
  /** How long all servers may take to connect to the Redis of this link, from the first one on, in milliseconds. */
  readonly restorePeriod: number;
  readonly #connection: RedisConnection;
  readonly #reporter: RedisReporter;
  readonly #wait = new Wait();
  #loss: Error | undefined;
  #isWanted = true;

  constructor(
    client: RedisClient,
    reporter: RedisReporter,
    restorePeriod: number = RESTORE_PERIOD,
  ) {
    this.restorePeriod = restorePeriod;
    this.#reporter = reporter;
    this.#connection = createLinkConnection(client);
    // The client may stay connected after an error, with lost answers, so any error ends the link.
    this.#connection.on('error', (error) => this.lose(error));
  }

  /** Why the link was lost; undefined while it works. */
  get loss(): Error | undefined {
    return this.#loss;
  }

  /** Whether the work on the link should continue. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Ends the work on the link. The first error is kept, because later ones only say that the client is closed. */
  lose(error: Error): void {
    this.#loss ??= error;
    this.#wait.end();
  }

  async connect(): Promise<void> {
    await within(ANSWER_TIMEOUT, this.#connection.connect());
  }

  /** Sends a command. Rejects if no answer comes within {@link ANSWER_TIMEOUT}, or the link is lost. */
  async send(...args: (string | Buffer)[]): Promise<unknown> {
    if (this.#loss) throw this.#loss;
    return within(ANSWER_TIMEOUT, this.#connection.sendCommand(args));
  }

  /** Sends a command as `send()` does. The texts of its answer are Buffers. */
  async sendForBytes(...args: (string | Buffer)[]): Promise<unknown> {
    if (this.#loss) throw this.#loss;
    return within(ANSWER_TIMEOUT, this.#connection.sendCommand(args, AS_BYTES));
  }

  /** Asks for the role of the Redis. HELLO tells it without a permission; ROLE and INFO need one. */
  async role(): Promise<Role> {
    const { role } = ((await this.send('HELLO')) ?? {}) as { role?: unknown };
    if (role === 'slave') return 'replica';
    return role === 'master' || role === 'replica' ? role : 'unknown';
  }

  /** Publishes a message. Resolves with the number of connections that get it, as far as the Redis of this link knows. */
  async publish(channel: string, message: Buffer): Promise<number> {
    return Number(await this.send('PUBLISH', channel, message));
  }

  /**
   * Subscribes to channels. Messages and answers to commands share the connection, so they come in the order in which
   * Redis sent them. If the listener throws, the message is ignored and the error reported once.
   */
  async subscribe(channels: string | string[], listener: (message: Buffer) => void): Promise<void> {
    const safeListener = (message: Buffer, channel: Buffer) => {
      try {
        listener(message);
      } catch (error) {
        // An error that reaches the client would break its parser of the Redis protocol.
        this.#reporter.unusableMessage(String(channel), error);
      }
    };
    if (this.#loss) throw this.#loss;
    await within(ANSWER_TIMEOUT, this.#connection.subscribe(channels, safeListener, true));
  }

  /** Ends the subscriptions to channels. */
  async unsubscribe(channels: string | string[]): Promise<void> {
    if (this.#loss) throw this.#loss;
    await within(ANSWER_TIMEOUT, this.#connection.unsubscribe(channels));
  }

  /** Waits for a number of milliseconds, or until `wake()` or `release()` is called. Rejects if the link is lost. */
  async wait(ms: number): Promise<void> {
    if (!this.#loss && this.#isWanted) await this.#wait.start(ms);
    if (this.#loss) throw this.#loss;
  }

  /** Ends the current wait. */
  wake(): void {
    this.#wait.end();
  }

  /** Ends the current wait, and lets the work on the link end by itself. */
  release(): void {
    this.#isWanted = false;
    this.#wait.end();
  }

  /** Closes the connection. */
  destroy(): void {
    try {
      this.#connection.destroy();
    } catch {
      // In redis 5, `destroy()` throws if the connection is already closed.
    }
  }
}
