/** The codes that say something to a client: policy violation, try again later, and the private ones (IANA registry). */
const isCode = (code: number) =>
  code === 1008 || code === 1013 || (Number.isInteger(code) && code >= 3_000 && code < 5_000);

/** The result of {@link refuseWith}. It is an error, so that it can be thrown, too. */
export class RefusedClient extends Error {
  override readonly name = 'RefusedClient';
  /** The close code. */
  readonly code: number;
  /** The close reason. */
  readonly reason: string;

  constructor(code: number, reason: string) {
    super(`The client is refused with ${code}. Return or throw this only in authenticate.`);
    this.code = code;
    this.reason = reason;
  }
}

/**
 * Refuses a client so that its page learns why. Return it from `authenticate`, or throw it there: the upgrade is accepted,
 * and the socket is closed at once with this code. A page sees no HTTP status, but it does see a close code. The client
 * counts nowhere: no `connection` event, no presence; there is a `refusal` event.
 *
 * @param code - 4401 (not authenticated) and 4403 (not allowed) make a client of this library try once more with a fresh
 * url, then give up. Others are 1008, 1013 (try again later) and 3000 to 4999.
 * @param reason - A text of at most 123 bytes in UTF-8 (RFC 6455, section 5.5). Empty by default.
 * @throws RangeError if the code or the reason is not valid.
 * @example
 * ```ts
 * authenticate: async (request) => (await userOf(request)) ?? refuseWith(4401, 'log in'),
 * ```
 */
export function refuseWith(code: number, reason = ''): RefusedClient {
  checkClose('refuseWith()', code, reason);
  return new RefusedClient(code, reason);
}

/** @throws RangeError if a client cannot be closed with this code and reason; the message names the function. */
export function checkClose(name: string, code: number, reason: string): void {
  if (isClose(code, reason)) return;
  throw new RangeError(
    `${name} takes the code 1008, 1013 or 3000 to 4999, and a reason of at most 123 bytes.`,
  );
}

/** Whether a client can be closed with this code and reason. */
export const isClose = (code: unknown, reason: unknown): boolean =>
  isCode(code as number) && typeof reason === 'string' && Buffer.byteLength(reason) <= 123;
