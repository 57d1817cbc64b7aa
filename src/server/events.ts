import type { IncomingMessage } from 'node:http';
import type { AnyIdentity, Client } from './clients/client.ts';

/** The arguments of each event of a server. */
export interface ServerEvents<Identity extends AnyIdentity = string> {
  /** It listens on its own port, whose number this is. */
  listening: [port: number];
  /** A client was admitted. */
  connection: [client: Client<Identity>, request: IncomingMessage];
  /** A client sent text, or binary as a Buffer. Heartbeats and lifeline frames are no messages. */
  message: [client: Client<Identity>, data: string | Buffer];
  /** A client is gone; 1006 where it went without a close frame. */
  disconnection: [client: Client<Identity>, code: number, reason: string];
  /** An identity came online, on any of the servers that share the presence store. */
  online: [id: string];
  /** An identity went offline: its last connection has been gone for the store's grace. */
  offline: [id: string];
  /**
   * A function of the application threw or rejected; `authenticate` was late or returned no identity; the port cannot be
   * listened on; `handleUpgrade()` was given a socket that cannot be upgraded; or a store or channel cannot work for the
   * moment. Without a listener it is printed by `console.error`.
   */
  error: [error: Error];
}

/** A listener of an event. What it throws, or its promise rejects with, becomes an `error` event. */
export type ServerListener<
  Type extends keyof ServerEvents,
  Identity extends AnyIdentity = string,
> = (...args: ServerEvents<Identity>[Type]) => unknown;

type Listeners<Identity extends AnyIdentity> = {
  [Type in keyof ServerEvents]: Set<{ readonly listener: ServerListener<Type, Identity> }>;
};

/** The listeners of a server, each isolated from the others' errors. */
export class Events<Identity extends AnyIdentity> {
  readonly #listeners: Listeners<Identity> = {
    listening: new Set(),
    connection: new Set(),
    message: new Set(),
    disconnection: new Set(),
    online: new Set(),
    offline: new Set(),
    error: new Set(),
  };

  /** Adds a listener and returns the function that removes it. */
  on<Type extends keyof ServerEvents>(
    type: Type,
    listener: ServerListener<Type, Identity>,
  ): () => void {
    const entry = { listener };
    this.#listeners[type].add(entry);
    return () => void this.#listeners[type].delete(entry);
  }

  emit<Type extends keyof ServerEvents>(type: Type, ...args: ServerEvents<Identity>[Type]): void {
    const onFailure = type === 'error' ? print : this.report;
    for (const { listener } of this.#listeners[type])
      try {
        // An async listener that rejects would otherwise end the process.
        (listener(...args) as PromiseLike<unknown> | undefined)?.then?.(undefined, onFailure);
      } catch (error) {
        onFailure(error);
      }
  }

  /** Makes an `error` event of what was thrown; without a listener it goes to the console. */
  readonly report = (thrown: unknown): void => {
    const error =
      thrown instanceof Error
        ? thrown
        : new Error('What was thrown is no Error; it is the cause of this one. Throw an Error.', {
            cause: thrown,
          });
    if (this.#listeners.error.size > 0) this.emit('error', error);
    else print(error);
  };
}

function print(error: unknown): void {
  try {
    console.error(error);
  } catch {
    // Its getters may throw: then it cannot be printed.
  }
}
