import type { IncomingMessage } from 'node:http';
import type { AnyIdentity } from '../clients/client.ts';
import type { Settings } from '../options/settings.ts';
import { isId } from '../protocol/id.ts';

/** The application's function that says who sent a request. */
export type Authenticate<Identity extends AnyIdentity> = NonNullable<
  Settings<Identity>['authenticate']
>;

/**
 * Asks the application who sent a request; null for nobody. `timeout` is in milliseconds.
 *
 * @throws what `authenticate` throws; an Error when it takes too long, a TypeError when its answer is no identity.
 */
export async function authenticateWithin<Identity extends AnyIdentity>(
  timeout: number,
  authenticate: Authenticate<Identity>,
  request: IncomingMessage,
): Promise<Identity | null> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const fact = `authenticate did not answer within ${timeout} ms, so that a client was refused.`;
      reject(new Error(`${fact} Answer sooner, or raise authenticateTimeout.`));
    }, timeout);
  });
  try {
    const identity = (await Promise.race([authenticate(request), timedOut])) ?? null;
    if (identity === null || isId(typeof identity === 'string' ? identity : identity.id))
      return identity;
    const fact = 'authenticate returned no identity, so that a client was refused.';
    throw new TypeError(
      `${fact} Return null, or an id of 1 to 256 characters, or an object with such an id.`,
    );
  } finally {
    clearTimeout(timer);
  }
}
