import type { Buffer } from 'node:buffer';

/** What a store needs of the application's client: that of `createClient()`, of `redis` 5 or 6, fits. */
export interface RedisClient {
  readonly options?: { readonly socket?: object | undefined } | undefined;
  /** Makes another client, which has these options in place of its own. */
  duplicate(options: object): RedisConnection;
  on(type: 'error', listener: (error: Error) => void): unknown;
  off(type: 'error', listener: (error: Error) => void): unknown;
}

/** What a store needs of its own connection. */
export interface RedisConnection {
  on(type: 'error', listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
  sendCommand(args: readonly (string | Buffer)[]): Promise<unknown>;
  subscribe(
    channel: string,
    listener: (message: Buffer) => unknown,
    bufferMode: true,
  ): Promise<unknown>;
}

/** One connection to Redis, while it lasts. */
export interface RedisLink {
  /** Sends a command. Rejects where no answer comes within {@link TIMEOUT}, or the link is lost. */
  send(...args: (string | Buffer)[]): Promise<unknown>;
  /**
   * Hears a channel. What it says is in order with the answers to commands, since they share the connection. A message
   * at which the listener throws is ignored.
   */
  subscribe(channel: string, listener: (message: Buffer) => void): Promise<unknown>;
  /** Does nothing for so many milliseconds, or until it is woken, or not wanted. Rejects where the link is lost. */
  rest(ms: number): Promise<void>;
  /** Whether the work is to go on. */
  isWanted(): boolean;
  /** All is well: the next loss is told again. */
  restored(): void;
}

/** Keeps a link. */
export interface RedisKeeper {
  /** Ends the present rest. */
  wake(): void;
  /** Tells that Redis cannot be used, unless it has been told since all was well. */
  lose(cause: unknown): void;
  /** Makes no other link, and waits for the work on the present one, which is not wanted any more, to end by itself. */
  stop(): Promise<void>;
}

/** How long an answer of Redis may take, and a new connection until it has greeted, in milliseconds. */
export const TIMEOUT = 1_500;

/** How much of {@link TIMEOUT} is left to the greeting, in milliseconds: a connection cannot be dropped before it is made. */
const GREETING = 500;

/** The least pause before the next attempt, in milliseconds, and the range of the random part that is added. */
const PAUSE = 200;

/**
 * How long after Redis' return a server may have no link yet, in milliseconds: where the network dropped its packets
 * without a word until just now, the attempt that it had begun is lost, and the next comes after the pause.
 */
export const RETURN: number = TIMEOUT + 2 * PAUSE;

/** What the application may have chosen for its own client, and a store cannot use. */
const OPTIONS = {
  // Only so do answers, and what is published, come on one connection.
  RESP: 3,
  commandOptions: {},
  disableOfflineQueue: true,
  commandsQueueMaxLength: undefined,
  pingInterval: 0,
  // The application's cache would be emptied with every link.
  clientSideCache: undefined,
  emitInvalidate: false,
} as const;

/**
 * Keeps one link to Redis after the other, and works on each of them. The client's own way to reconnect is not used: it
 * waits for a dead network as long as the operating system does, which may be minutes after the network's return.
 *
 * @param work - Ends when there is nothing more to do, and rejects where the link is of no use.
 * @param tell - Hears that Redis cannot be used, once, and not again before a link was `restored()`; and once that a
 * message could not be used.
 * @param meanwhile - A sentence on what holds while Redis is away.
 */
export function keepLink(
  client: RedisClient,
  work: (link: RedisLink) => Promise<void>,
  tell: (error: Error) => void,
  meanwhile: string,
): RedisKeeper {
  const rest = createRest();
  const pause = createRest();
  let isLossTold = false;
  let isForeignTold = false;
  let isStopped = false;

  function lose(cause: unknown): void {
    if (isLossTold) return;
    isLossTold = true;
    tell(new Error(`Redis cannot be used: ${reasonOf(cause)}. ${meanwhile}`, { cause }));
  }

  /** What a listener throws would make the client lose its place in what Redis sends. */
  function hear(channel: string, listener: (message: Buffer) => void, message: Buffer): void {
    try {
      listener(message);
    } catch (cause) {
      if (isForeignTold) return;
      isForeignTold = true;
      const fact = `A message on the Redis channel '${channel}' could not be used, and was ignored`;
      tell(
        new Error(`${fact}: choose a prefix with which nobody else publishes there.`, { cause }),
      );
    }
  }

  async function attempt(): Promise<void> {
    const connection = client.duplicate({
      ...OPTIONS,
      socket: {
        ...client.options?.socket,
        reconnectStrategy: false,
        connectTimeout: TIMEOUT - GREETING,
      },
    });
    let loss: Error | undefined;
    connection.on('error', (error) => {
      // The client may say so and stay connected, with answers that have got lost. Where it is closed, commands under way
      // reject with the error; what is sent later would only say that it is closed.
      loss ??= error;
      rest.end();
    });
    try {
      await within(TIMEOUT, connection.connect());
      // Waited for, also after a loss: the work on the next link must not begin before this one's has ended.
      await work({
        async send(...args) {
          if (loss) throw loss;
          return within(TIMEOUT, connection.sendCommand(args));
        },
        subscribe: (channel, listener) =>
          within(TIMEOUT, connection.subscribe(channel, hear.bind(null, channel, listener), true)),
        async rest(ms) {
          if (!loss && !isStopped) await rest.take(ms);
          if (loss) throw loss;
        },
        isWanted: () => !isStopped,
        restored() {
          isLossTold = false;
        },
      });
    } catch (error) {
      throw loss ?? error;
    } finally {
      destroy(connection);
    }
  }

  async function keep(): Promise<void> {
    // An error that nobody hears ends the process; what there is to tell is told of the store's own connection.
    client.on('error', ignore);
    while (!isStopped) {
      try {
        await attempt();
      } catch (error) {
        if (!isStopped) lose(error);
      }
      if (!isStopped) await pause.take(PAUSE + Math.random() * PAUSE);
    }
    client.off('error', ignore);
  }

  const ended = keep();
  return {
    wake: rest.end,
    lose,
    async stop() {
      isStopped = true;
      rest.end();
      pause.end();
      await ended;
    },
  };
}

function ignore(): void {}

function destroy(connection: RedisConnection): void {
  try {
    connection.destroy();
  } catch {
    // In redis 5 one that is closed already throws.
  }
}

/** A rest that can be cut short. */
function createRest() {
  let end = ignore;
  return {
    end: () => end(),
    take: (ms: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(() => end(), ms);
        end = () => {
          clearTimeout(timer);
          end = ignore;
          resolve();
        };
      }),
  };
}

/** The same promise with a deadline, in milliseconds. */
function within<Result>(ms: number, promise: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    // A process that was busy meanwhile first reads what has arrived.
    let timer = setTimeout(() => {
      timer = setTimeout(() => reject(new Error(`there was no answer for ${ms} ms`)));
    }, ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Why Redis cannot be used, in a few words. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // A name with several addresses fails with an AggregateError, whose message is empty.
  const { message, code = cause.name }: Error & { code?: string } = cause;
  return (message || code).replace(/\.$/, '');
}
