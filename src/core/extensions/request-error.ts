import type { DropReason } from '../messages/events.ts';
import { FULL_TEXTS } from '../platform/texts.ts';

/**
 * Why a request has failed. `refused`: the reply said so. `lost`: its link ended before the reply came, the outbox was full, or
 * the socket refused it. `closed`: the connection was closed, or left the scope of the request.
 */
export type RequestFailure = 'refused' | 'lost' | 'closed';

/** The error of a request that the server has refused, or to which no reply can come any more. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** Why it has failed; see {@link RequestFailure}. */
  declare readonly reason: RequestFailure;
  /** Whether it was sent, and nobody knows what became of it: the server may have done what it asks for. */
  declare readonly uncertain: boolean;
  /** The reply that refused it; undefined for another reason. `cause` is the error in it. */
  declare readonly reply: unknown;

  constructor(reason: RequestFailure, uncertain: boolean, reply?: unknown, cause?: unknown) {
    super(`The request was ${FULL_TEXTS ? TEXTS[reason] : reason}.`, { cause });
    Object.assign(this, { reason, uncertain, reply });
  }
}

const TEXTS: Record<string, string> = {
  refused: 'refused by the server: see reply and cause',
  lost: 'lost with its link, or found no room in the outbox: see uncertain; with again: true it is sent again',
  closed: 'given up, because the connection was closed or left its scope: see uncertain',
  AbortError: 'The request was aborted by its signal.',
  TimeoutError: 'The request got no reply in time.',
};

/**
 * Returns the error of a request that was given up.
 *
 * @param reason - Why it left the outbox, or `lost` if its link has ended.
 * @param uncertain - Whether it was sent.
 * @param cause - The reason of its signal. That of `AbortSignal.timeout()` is a timeout, too.
 */
export function createFailure(
  reason: DropReason | 'lost',
  uncertain: boolean,
  cause: unknown,
): Error {
  if (reason !== 'aborted' && reason !== 'expired')
    return new RequestError(
      reason === 'closed' || reason === 'scope' ? 'closed' : 'lost',
      uncertain,
    );
  const isTimeout =
    reason === 'expired' || (cause as Partial<Error> | undefined)?.name === 'TimeoutError';
  const name = isTimeout ? 'TimeoutError' : 'AbortError';
  const text = FULL_TEXTS ? TEXTS[name] : name;
  // React Native may have no DOMException.
  const error = new (globalThis.DOMException ?? Error)(text, name);
  return Object.defineProperties(error, {
    name: { value: name },
    uncertain: { value: uncertain },
    cause: { value: cause },
  });
}
