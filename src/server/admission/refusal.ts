import type { IncomingMessage } from 'node:http';

/** How much of a path or an origin is kept, in UTF-16 code units: a client chooses them, and they may get into a log. */
const MAX_LENGTH = 256;

/** The control characters that Node lets through in a header. A terminal may obey them. */
const CONTROLS = /[\t\u007F-\u009F]/g;

/** An upgrade that was refused. It holds no cookie, query or token, so it can be logged. */
export interface Refusal {
  /**
   * The HTTP status of the answer, or that it would have had if the socket could still be answered; 101 if the client was accepted
   * only to be closed with `code`.
   */
  readonly status: number;
  /** The close code of `refuseWith()`; otherwise null. */
  readonly code: number | null;
  /** Why, in a short sentence. A client that is no browser can read it in the body of the answer. */
  readonly reason: string;
  /** The path of the request without its query; at most 256 UTF-16 code units. */
  readonly path: string;
  /** The `Origin` header, which a browser sets; null without one. At most 256 UTF-16 code units. */
  readonly origin: string | null;
  /** The IP address of the client, or of the last proxy in front of the server; null if it has disconnected. */
  readonly address: string | null;
}

/** What the server answers: the status and the reason, and the close code for a client that was accepted. */
export type Answer = Pick<Refusal, 'status' | 'reason'> & {
  readonly code?: number;
};

/** The answer to a request for a path at which there is nothing. */
export const NOT_FOUND: Answer = {
  status: 404,
  reason: 'There is no WebSocket server at this path.',
};

/** The answer to a request with a body. */
export const WITH_BODY: Answer = {
  status: 400,
  reason: 'A request for WebSocket must have no body.',
};

/** What is told of an upgrade behind a request that is not answered yet. It gets no answer: its socket is closed. */
export const TOO_EARLY: Answer = {
  status: 400,
  reason: 'The upgrade came before an older request on its socket was answered.',
};

/** Describes the refusal of a request. */
export function describeRefusal(
  { url = '', headers: { origin }, socket }: IncomingMessage,
  { status, reason, code }: Answer,
): Refusal {
  return {
    status,
    code: code ?? null,
    reason,
    path: pathOf(url).slice(0, MAX_LENGTH),
    origin: origin?.slice(0, MAX_LENGTH).replaceAll(CONTROLS, '\uFFFD') ?? null,
    address: socket?.remoteAddress ?? null,
  };
}

/**
 * Returns the path of a request without its query. The target may be a whole url (RFC 9112, section 3.2.2), with a name and a
 * password.
 */
export const pathOf = (target: string): string =>
  (target.split('?', 1)[0] ?? '').replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '');
