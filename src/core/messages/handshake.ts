import type { AttemptContext } from '../link/link.ts';

/** The argument of the `handshake` function: the attempt whose link it prepares, and what it may do with the link. */
export interface HandshakeContext<In, Out> extends AttemptContext {
  /**
   * Sends a message at once on the new link.
   *
   * @throws The error of the codec; a TypeError if the encoded message is neither text nor binary.
   */
  send(this: void, message: Out): void;
  /**
   * Returns the next message, which reaches no handler. Calls that wait at the same time get messages in turn. The promise rejects
   * when the link ends.
   */
  receive(this: void): Promise<In>;
}

/**
 * Prepares every new link before anybody else may use it, such as by a login whose answer must come first. The connection is open
 * when the promise resolves. If it rejects, the attempt has failed.
 */
export type Handshake<In, Out> = (
  context: HandshakeContext<In, Out>,
) => void | undefined | PromiseLike<void | undefined>;

/** The messages of a link that arrive during its handshake. */
export interface Inbox<In> {
  /** A message has arrived. */
  push(this: void, message: In): void;
  /** See {@link HandshakeContext}. */
  receive(this: void): Promise<In>;
  /** Nobody receives any more. Returns the messages that nobody has received; those that still arrive follow in the same list. */
  end(this: void): readonly In[];
}

/**
 * Makes an {@link Inbox}.
 *
 * @param signal - Aborted when the link ends.
 */
export function createInbox<In>(signal: AbortSignal): Inbox<In> {
  const messages: In[] = [];
  /** Those who wait for a message; null when nobody receives any more. */
  let receivers: ((message: In) => void)[] | null = [];

  return {
    push(message) {
      const receiver = receivers?.shift();
      if (receiver) receiver(message);
      else messages.push(message);
    },
    receive() {
      const received = new Promise<In>((resolve, reject) => {
        const fail = () => reject(signal.reason);
        if (signal.aborted) fail();
        else if (receivers && messages.length > 0) resolve(messages.shift() as In);
        else {
          receivers?.push(resolve);
          signal.addEventListener('abort', fail);
        }
      });
      // One that nobody awaits, such as the loser of a race, is no unhandled rejection.
      received.catch(() => {});
      return received;
    },
    end() {
      receivers = null;
      return messages;
    },
  };
}
