import type { IncomingMessage } from 'node:http';
import type { Origins } from '../options/options.ts';

/**
 * Whether a page of the request's origin may connect.
 *
 * @throws The error of the application's `origins` function.
 */
export function isOriginAllowed(request: IncomingMessage, origins: Origins | undefined): boolean {
  const { origin = null, host } = request.headers;
  // Only `true` admits the client: a promise is truthy, too.
  if (typeof origins === 'function') return (origins(origin, request) as unknown) === true;
  if (origins) return origins.includes(origin);
  return (
    origin !== null &&
    URL.canParse(origin) &&
    host !== undefined &&
    new URL(origin).host === host.toLowerCase()
  );
}
