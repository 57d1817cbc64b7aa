import type { Buffer } from 'node:buffer';
import { createLinkConnection, type RedisClient, type RedisConnection } from './client.ts';
import type { RedisReporter } from './reporter.ts';
import { ANSWER_TIMEOUT } from './timing.ts';
import { Wait, within } from './waiting.ts';

/** One connection to Redis, while it lasts. */
export class RedisLink {
  readonly #connection: RedisConnection;
  readonly #reporter: RedisReporter;
  readonly #wait = new Wait();
  #loss: Error | undefined;
  #isWanted = true;

  constructor(client: RedisClient, reporter: RedisReporter) {
    this.#reporter = reporter;
    this.#connection = createLinkConnection(client);
    this.#connection.on('error', (error) => {
      // The client may report an error and stay connected, with answers that got lost. Where it closes, commands under
      // way reject with this error; later ones would only say that the client is closed.
      this.#loss ??= error;
      this.#wait.end();
    });
  }

  /** Why the link is lost; undefined while it is not. */
  get loss(): Error | undefined {
    return this.#loss;
  }

  /** Whether the work on the link is to go on. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  async connect(): Promise<void> {
    await within(ANSWER_TIMEOUT, this.#connection.connect());
  }

  /** Sends a command. Rejects where no answer comes within {@link ANSWER_TIMEOUT}, or the link is lost. */
  async send(...args: (string | Buffer)[]): Promise<unknown> {
    if (this.#loss) throw this.#loss;
    return within(ANSWER_TIMEOUT, this.#connection.sendCommand(args));
  }

  /**
   * Listens to a channel. Messages and answers to commands come in the order in which Redis sent them, since they share
   * the connection. A message at which the listener throws is ignored.
   */
  async subscribe(channel: string, listener: (message: Buffer) => void): Promise<void> {
    const guarded = (message: Buffer) => {
      try {
        listener(message);
      } catch (error) {
        // Passed on, it would make the client lose its place in what Redis sends.
        this.#reporter.unusableMessage(channel, error);
      }
    };
    await within(ANSWER_TIMEOUT, this.#connection.subscribe(channel, guarded, true));
  }

  /** Waits so many milliseconds, or until the link is woken or released. Rejects where the link is lost. */
  async wait(ms: number): Promise<void> {
    if (!this.#loss && this.#isWanted) await this.#wait.start(ms);
    if (this.#loss) throw this.#loss;
  }

  /** Ends the present wait. */
  wake(): void {
    this.#wait.end();
  }

  /** The work on the link is to end by itself, soon. */
  release(): void {
    this.#isWanted = false;
    this.#wait.end();
  }

  /** Closes the connection. */
  destroy(): void {
    try {
      this.#connection.destroy();
    } catch {
      // In redis 5, a connection that is closed already throws.
    }
  }
}
