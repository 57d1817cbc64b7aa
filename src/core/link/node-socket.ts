import type { Clock } from '../platform/clock.ts';
import type { WebSocketLike } from './link.ts';

/** The part of the answer to an upgrade request that is read. */
interface HttpResponse {
  readonly statusCode: number;
  readonly headers: { readonly 'retry-after'?: string };
}

/**
 * What the sockets of `ws` can do beyond the standard. Other classes may have none of it, so each method is used only where
 * it exists.
 */
export interface NodeSocket extends WebSocketLike {
  /** Ends the TCP connection, without the closing handshake. */
  terminate?(): void;
  /** Listens to the answer of a server that does not upgrade. The listener must end the request: `close()` does so. */
  on?(
    type: 'unexpected-response',
    listener: (request: unknown, response: HttpResponse) => void,
  ): unknown;
}

/** The longest `Retry-After` that is honoured: a day. A wrong one must not end the connection for good. */
const MAX_RETRY_AFTER = 86_400_000;

/** Returns the `Retry-After` of an answer in milliseconds: it has seconds or a date (RFC 9110, section 10.2.3). */
export function retryAfterOf({ headers }: HttpResponse, clock: Clock): number | undefined {
  const value = headers['retry-after'] as string;
  const wait = Number(value) * 1_000 || Date.parse(value) - clock.wall();
  return wait > 0 ? Math.min(wait, MAX_RETRY_AFTER) : undefined;
}
