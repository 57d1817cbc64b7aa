import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnyIdentity } from '../clients/client.ts';
import type { Settings } from '../options/settings.ts';
import { isId } from '../protocol/lifeline-frame.ts';

/** Answers an upgrade by an HTTP status. */
export function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => {}); // it may be gone already
  // A client that goes on writing would keep its half of the socket open.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

/** Whether a request is for this path, whatever its query. */
export const isFor = (path: string | undefined, { url = '' }: IncomingMessage): boolean =>
  path === undefined || url.split('?', 1)[0] === path;

/** Whether a page of this origin may connect. What a predicate throws is thrown. */
export function isWelcome(
  request: IncomingMessage,
  origins: Settings<AnyIdentity>['origins'],
): boolean {
  const { origin = null, host } = request.headers;
  // Strictly: a promise is true enough to let everybody in.
  if (typeof origins === 'function') return (origins(origin, request) as unknown) === true;
  if (origins) return origins.includes(origin);
  return (
    origin !== null &&
    URL.canParse(origin) &&
    host !== undefined &&
    new URL(origin).host === host.toLowerCase()
  );
}

/**
 * Asks who makes a request; null for nobody.
 *
 * @throws what `authenticate` throws; an Error when it takes too long, a TypeError when its answer is no identity.
 */
export async function identify<Identity extends AnyIdentity>(
  request: IncomingMessage,
  authenticate: NonNullable<Settings<Identity>['authenticate']>,
  patience: number,
): Promise<Identity | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const fact = `authenticate did not answer within ${patience} ms, so that a client was refused.`;
      reject(new Error(`${fact} Answer sooner, or raise authenticateTimeout.`));
    }, patience);
  });
  try {
    const identity = (await Promise.race([authenticate(request), late])) ?? null;
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
