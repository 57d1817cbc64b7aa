import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';
import { refuse, unguard } from './refuse.ts';

/** The headers of an upgrade, which count only for this connection (RFC 9113, section 3.1, and RFC 7540, section 3.2.1). */
const OF_UPGRADE = new Set(['upgrade', 'http2-settings']);

/** How many headers Node keeps of a request if its server does not say (`MAX_HEADER_PAIRS` of Node). */
const DEFAULT_MAX_HEADERS = 1_000;

/**
 * Gives an upgrade request back to its HTTP server as a request without upgrade: a server may ignore an upgrade that it does
 * not speak (RFC 9110, section 7.8). The server reads it again, with its body and what follows on the socket.
 */
export function passToApplication(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { method, url, httpVersion, rawHeaders } = request;
  // Node drops further headers. If one of them has the length of the body, the body would be read as the next request.
  if (rawHeaders.length >= 2 * ((server.maxHeadersCount ?? DEFAULT_MAX_HEADERS) || Infinity))
    return refuse(socket, 431, 'The request has too many headers.');
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const line = headerLine(rawHeaders[n] ?? '', rawHeaders[n + 1] ?? '');
    if (line) lines.push(line);
  }
  unguard(socket); // The HTTP server adds its own listener.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
}

/** Returns the line of a header; null for one that belongs to the upgrade. */
function headerLine(name: string, value: string): string | null {
  const lowerCase = name.toLowerCase();
  if (OF_UPGRADE.has(lowerCase)) return null;
  if (lowerCase !== 'connection') return `${name}: ${value}`;
  const others = value.split(',').filter((option) => !OF_UPGRADE.has(option.trim().toLowerCase()));
  return others.length > 0 ? `${name}: ${others.join(',').trim()}` : null;
}
