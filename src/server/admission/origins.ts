import type { IncomingMessage } from 'node:http';
import type { Origins } from '../options/options.ts';

/** A host with an optional port. The characters of a url's user and path are not among these. */
const HOST = /^[^\s/?#@\\]+$/;

/**
 * Whether a page of the request's origin may connect.
 *
 * @throws The error of the application's `origins` function.
 */
export function isOriginAllowed(
  request: IncomingMessage,
  origins: Origins = ['same-host'],
): boolean {
  const { origin = null, host } = request.headers;
  // Only `true` admits the client: a promise is truthy, too.
  if (typeof origins === 'function') return (origins(origin, request) as unknown) === true;
  return origins.some((allowed) =>
    allowed === 'same-host'
      ? isSameHost(origin, host)
      : allowed === origin ||
        (isText(allowed) && isText(origin) && plain(allowed) === plain(origin)),
  );
}

/**
 * Whether an origin has the host and port of a `Host` header. Both default ports may be left out: behind a proxy that ends
 * TLS, the header may have port 443 or 80, or none.
 */
function isSameHost(origin: string | null, header: string | undefined): boolean {
  if (origin === null || !header || !HOST.test(header) || !URL.canParse(origin)) return false;
  const host = header.toLowerCase();
  return [host, host.replace(/:(?:80|443)$/, '')].includes(new URL(origin).host);
}

/** An origin as a browser writes it: in lower case, without a default port. */
function plain(origin: string): string {
  if (!URL.canParse(origin)) return origin;
  const { protocol, host } = new URL(origin);
  return `${protocol}//${host}`;
}

const isText = (value: string | null): value is string => value !== null;
