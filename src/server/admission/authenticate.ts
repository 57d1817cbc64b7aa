import type { IncomingMessage } from 'node:http';
import type { AnyIdentity } from '../clients/client.ts';
import type { Settings } from '../options/settings.ts';
import { isId } from '../protocol/id.ts';
import { RefusedClient } from '../clients/refuse-with.ts';

/** The application's function that returns the identity of a request. */
export type Authenticate<Identity extends AnyIdentity> = NonNullable<
  Settings<Identity>['authenticate']
>;

/** Who a client is. */
export interface Authenticated<Identity extends AnyIdentity> {
  /** What `authenticate` returned. */
  readonly identity: Identity;
  /** Its id, which is read only once: a getter may throw, or return something else the next time. */
  readonly id: string;
}

/**
 * Calls `authenticate` for a request, and returns the identity; null if the request must be refused.
 *
 * @param timeout - How long `authenticate` may take, in milliseconds.
 * @throws The error of `authenticate`; an Error if it takes too long; a TypeError if it does not return an identity.
 */
export async function authenticateWithin<Identity extends AnyIdentity>(
  timeout: number,
  authenticate: Authenticate<Identity>,
  request: IncomingMessage,
): Promise<Authenticated<Identity> | RefusedClient | null> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const fact = `authenticate did not answer within ${timeout} ms, so the client was refused.`;
      reject(new Error(`${fact} Make it faster, or increase authenticateTimeout.`));
    }, timeout);
  });
  try {
    const identity = (await Promise.race([authenticate(request), timedOut])) ?? null;
    if (identity === null || identity instanceof RefusedClient) return identity;
    const id: unknown = typeof identity === 'string' ? identity : identity.id;
    if (isId(id)) return { identity, id };
    const fact = 'authenticate did not return an identity, so the client was refused.';
    throw new TypeError(
      `${fact} Return an id of 1 to 256 characters, an object with such an id, or null to refuse the client.`,
    );
  } catch (error) {
    if (error instanceof RefusedClient) return error;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
