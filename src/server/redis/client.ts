import { Buffer } from 'node:buffer';
import { CONNECT_TIMEOUT } from './timing.ts';

/** The part of a Redis client that is used. The result of `createClient()` of the package `redis` 5 or 6 matches it. */
export interface RedisClient {
  /** The options that the client was made with. */
  readonly options?: { readonly socket?: object | undefined } | undefined;
  /** Makes another client, in which the given options replace those of this client. */
  duplicate(options: object): RedisConnection;
  /** Adds a listener. */
  on(type: 'error', listener: (error: Error) => void): unknown;
  /** Removes a listener. */
  off(type: 'error', listener: (error: Error) => void): unknown;
}

/** A client, and how its address is checked. */
export interface RedisNode extends RedisClient {
  /** The time between two checks whether new connections still reach the same Redis, in milliseconds. @defaultValue 5_000 */
  readonly checkInterval?: number | undefined;
}

/** How the answer to a command is read. */
interface CommandOptions {
  /** What becomes of values, by the codes of their types in the protocol of Redis. */
  readonly typeMapping?: Readonly<Record<36, typeof Buffer>>;
}

/** The option with which the texts of an answer are bytes. 36 is `$`, the type of a text in the protocol of Redis. */
export const AS_BYTES: CommandOptions = { typeMapping: { 36: Buffer } };

/** The part of a Redis client that a store or channel uses for its own connection. */
export interface RedisConnection {
  /** Adds a listener. */
  on(type: 'error', listener: (error: Error) => void): unknown;
  /** Connects to Redis. */
  connect(): Promise<unknown>;
  /** Closes the connection at once. */
  destroy(): void;
  /** Sends a command, and resolves with its answer. */
  sendCommand(args: readonly (string | Buffer)[], options?: CommandOptions): Promise<unknown>;
  /** Subscribes to channels; with `bufferMode`, messages are Buffers. */
  subscribe(
    channels: string | string[],
    listener: (message: Buffer, channel: Buffer) => unknown,
    bufferMode: true,
  ): Promise<unknown>;
  /** Ends the subscriptions to channels. */
  unsubscribe(channels: string | string[]): Promise<unknown>;
}

/** Options that replace those of the application's client, because a link needs these values. */
const LINK_OPTIONS = {
  // Only version 3 of the protocol allows answers and published messages on the same connection.
  RESP: 3,
  commandOptions: {},
  disableOfflineQueue: true,
  commandsQueueMaxLength: undefined,
  pingInterval: 0,
  // A link must not clear the cache of the application.
  clientSideCache: undefined,
  emitInvalidate: false,
} as const;

/**
 * Makes a connection with the address and the password of the application's client. It does not reconnect by itself: the
 * reconnection of the client may wait for a dead network as long as the operating system does, which may be minutes.
 */
export function createLinkConnection(client: RedisClient): RedisConnection {
  return client.duplicate({
    ...LINK_OPTIONS,
    socket: {
      ...client.options?.socket,
      reconnectStrategy: false,
      connectTimeout: CONNECT_TIMEOUT,
    },
  });
}
