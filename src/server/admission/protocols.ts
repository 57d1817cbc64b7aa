import type { IncomingMessage } from 'node:http';
import type { Protocols } from '../options/options.ts';

/** The subprotocols that a client offers, in its order. */
const offered = ({ headers }: IncomingMessage): readonly string[] =>
  (headers['sec-websocket-protocol'] ?? '').split(',').flatMap((name) => name.trim() || []);

/**
 * Chooses the subprotocol of a client: the first of the server's list that the client offers, or what the function returns.
 * Without the option, the first one that the client offers, as a browser fails the connection if none is chosen.
 *
 * @returns The subprotocol; an empty text for a client that offers none; null if the client must be refused.
 * @throws The error of the application's function; a TypeError if it returned what the client did not offer.
 */
export function chooseProtocol(
  request: IncomingMessage,
  protocols: Protocols | undefined,
): string | null {
  const names = offered(request);
  if (names.length === 0) return '';
  if (!protocols) return names[0] ?? '';
  if (typeof protocols !== 'function')
    return protocols.find((name) => names.includes(name)) ?? null;
  const chosen = protocols(names, request) ?? null;
  if (chosen === null || names.includes(chosen)) return chosen;
  throw new TypeError(
    'protocols returned a value that the client did not offer. Return one of the given names, or null to refuse the client.',
  );
}
