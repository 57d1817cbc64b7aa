import type { Buffer } from 'node:buffer';
import { CONNECT_TIMEOUT } from './timing.ts';

/** What a store or channel needs of the application's client. That of `createClient()` of `redis` 5 or 6 fits. */
export interface RedisClient {
  readonly options?: { readonly socket?: object | undefined } | undefined;
  /** Makes another client, which has these options in place of its own. */
  duplicate(options: object): RedisConnection;
  on(type: 'error', listener: (error: Error) => void): unknown;
  off(type: 'error', listener: (error: Error) => void): unknown;
}

/** What a store or channel needs of its own connection. */
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

/** In place of what the application may have chosen for its own client, and a link cannot use. */
const LINK_OPTIONS = {
  // Only with version 3 do answers and published messages come on one connection.
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
 * Makes a connection with the application's address and password. It does not reconnect by itself: the client's own way
 * waits for a dead network as long as the operating system does, which may be minutes after the network's return.
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
