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
