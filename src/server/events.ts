import type { IncomingMessage } from 'node:http';
import type { Refusal } from './admission/refusal.ts';
import type { AnyIdentity, Client } from './clients/client.ts';
import type { RawIn, RawOut } from './messages/format.ts';
import type { InvalidMessage } from './messages/invalid-message.ts';
import { describe, describeOption } from './checks/describe.ts';
import { reportRejection } from './checks/rejections.ts';
import type { MessageId } from './sessions/app.ts';
import type { Forgotten } from './sessions/store.ts';

/** What the listener of a request gets beside its message. */
interface RequestContext extends MessageId {
  /** Aborted when the client does not wait any more, or cannot come back for the reply. */
  readonly signal: AbortSignal;
}

/** The events of a server, with the arguments of their listeners. */
export interface ServerEvents<Identity extends AnyIdentity = string, In = RawIn, Out = RawOut> {
  /** The server listens on its own port. `port`: its number. */
  listening: [port: number];
  /** A client was admitted. */
  connection: [client: Client<Identity, Out>, request: IncomingMessage];
  /**
   * A client was refused: before the upgrade, with an HTTP status, or by `refuseWith()`. A browser tells its page only
   * 1006, so this is where to look when clients cannot connect.
   */
  refusal: [refusal: Refusal, request: IncomingMessage];
  /**
   * A client sent a message: text, or a Buffer for binary data, or what the `codec` decoded. Pings and lifeline frames are not
   * delivered. A message of a session is confirmed to its client when all listeners have ended, their promises included; the next one
   * waits for that. `id` names it, for a handler that must not do its work twice.
   */
  message: [client: Client<Identity, Out>, message: In, id: MessageId];
  /**
   * A client sent a request. What the listener returns, or its promise, is the reply; undefined is a reply without a value. A
   * thrown `Refusal` tells the client why, any other error only that it failed. `signal` is aborted when the client does not wait any more, or cannot
   * come back for the reply. `outbox` and `number` name it as those of a message do. There can be one listener.
   */
  request: [client: Client<Identity, Out>, message: In, context: RequestContext];
  /** A bound of sessions or of the history was reached, and something was forgotten. Clients are told if it concerns them. */
  forgotten: [forgotten: Forgotten];
  /**
   * The `codec` could not decode a message of a client; it is not delivered. A client whose
   * identity sends more of them than `invalidRate` allows is closed with 1008. Without a listener, nothing is printed: a client could fill the log.
   */
  invalid: [client: Client<Identity, Out>, invalid: InvalidMessage];
  /**
   * The socket of a client closed. `code` and `reason` are those of whoever closed it: this server (such as 1008 for too
   * many messages, 1009 for one that is too large, 1007 for text that is not UTF-8) or the client. The code is 1006 if
   * nobody sent a close frame (RFC 6455), and 1005 if it had no code.
   */
  disconnection: [client: Client<Identity, Out>, code: number, reason: string];
  /** An identity came online, on any of the servers that share the presence store. */
  online: [id: string];
  /** An identity went offline: its last connection closed, and the `grace` of the presence store has passed. */
  offline: [id: string];
  /**
   * An error occurred:
   *
   * - a function of the application threw or rejected
   * - `authenticate` took too long or returned no identity
   * - the server cannot listen on its port; without a listener, the exit code of the process becomes 1 as well
   * - `handleUpgrade()` got a socket that cannot be upgraded, or another listener has answered an upgrade for this server
   * - a presence store or broadcast channel does not work at the moment
   *
   * Without a listener, errors are printed with `console.error`.
   */
  error: [error: Error];
}

/** A listener of an event. It may be async. An error that it throws or rejects with becomes an `error` event. That of `request` returns the reply. */
export type ServerListener<
  Type extends keyof ServerEvents,
  Identity extends AnyIdentity = string,
  In = RawIn,
  Out = RawOut,
> = (
  ...args: ServerEvents<Identity, In, Out>[Type]
) => Type extends 'request' ? Reply<Out> | Promise<Reply<Out>> : unknown;

/** The reply to a request: a message, or nothing. */
type Reply<Out> = Out | undefined | void;

type Listeners<Identity extends AnyIdentity, In, Out> = {
  [Type in keyof ServerEvents]: Set<{
    readonly listener: ServerListener<Type, Identity, In, Out>;
  }>;
};

/** The listeners of a server. An error of one listener does not stop the others. */
export class Events<Identity extends AnyIdentity, In, Out> {
  readonly #listeners: Listeners<Identity, In, Out> = {
    listening: new Set(),
    connection: new Set(),
    refusal: new Set(),
    message: new Set(),
    request: new Set(),
    forgotten: new Set(),
    invalid: new Set(),
    disconnection: new Set(),
    online: new Set(),
    offline: new Set(),
    error: new Set(),
  };

  /**
   * Adds a listener. Returns the function that removes it.
   *
   * @throws TypeError for an event that does not exist, or a listener that is not a function.
   */
  on<Type extends keyof ServerEvents>(
    type: Type,
    listener: ServerListener<Type, Identity, In, Out>,
  ): () => void {
    if (!Object.hasOwn(this.#listeners, type))
      throw new TypeError(
        `${describeOption('event', type)} is not an event of a server. The events are ${Object.keys(this.#listeners).join(', ')}.`,
      );
    if (typeof listener !== 'function')
      throw new TypeError(`The listener of ${type} must be a function, not ${describe(listener)}.`);
    if (type === 'request' && this.#listeners.request.size > 0)
      throw new Error('There is a listener of request already: only one can reply.');
    const entry = { listener };
    this.#listeners[type].add(entry);
    return () => void this.#listeners[type].delete(entry);
  }

  emit<Type extends keyof ServerEvents>(
    type: Type,
    ...args: ServerEvents<Identity, In, Out>[Type]
  ): void {
    const onFailure = type === 'error' ? print : this.report;
    const listeners = this.#listeners[type];
    // A copy: a listener that adds another one, such as itself, would prolong the loop.
    for (const entry of Array.from(listeners)) {
      if (!listeners.has(entry)) continue; // Another listener has removed it.
      const { listener } = entry;
      try {
        reportRejection(listener(...args), onFailure);
      } catch (error) {
        onFailure(error);
      }
    }
  }

  /** Calls the listeners like `emit()`, and returns what they return. What one throws is a promise that rejects, and each thenable a promise. */
  call<Type extends keyof ServerEvents>(
    type: Type,
    ...args: ServerEvents<Identity, In, Out>[Type]
  ): unknown[] {
    const listeners = this.#listeners[type];
    const results: unknown[] = [];
    for (const entry of Array.from(listeners)) {
      if (!listeners.has(entry)) continue;
      const { listener } = entry;
      try {
        const result: unknown = listener(...args);
        const isThenable = typeof (result as PromiseLike<unknown> | null)?.then === 'function';
        results.push(isThenable ? Promise.resolve(result) : result);
      } catch (error) {
        results.push(Promise.reject(error));
      }
    }
    return results;
  }

  /** Reports an error after which the server cannot work. If nobody listens, the process does not end as if all was well. */
  reportFatal(error: Error): void {
    if (this.#listeners.error.size === 0) process.exitCode ||= 1;
    this.report(error);
  }

  /** Emits an `error` event for a thrown value; without a listener, prints it. */
  readonly report = (thrown: unknown): void => {
    const error = isError(thrown)
      ? thrown
      : new Error(
          'A value was thrown that is not an Error; see the cause. Throw an Error instead.',
          { cause: thrown },
        );
    if (this.#listeners.error.size > 0) this.emit('error', error);
    else print(error);
  };
}

/** Whether a value is an error. A proxy may throw when it is asked. */
function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function print(error: unknown): void {
  try {
    console.error(error);
  } catch {
    // An error whose getters throw cannot be printed.
  }
}
