import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** The header that names the versions of the protocol, for a request with another one (RFC 6455, section 4.4). */
const VERSION = 'Sec-WebSocket-Version: 13\r\n';

/** More headers that a status needs: which protocol an answer 426 asks for (RFC 9110, section 15.5.22). */
const HEADERS: Readonly<Record<number, string>> = {
  400: VERSION,
  426: `Upgrade: websocket\r\n${VERSION}`,
};

/** Gives a socket an `error` listener. An error without a listener would end the process. */
export function guard(socket: Duplex): void {
  socket.off('error', ignore).on('error', ignore);
}

/** Removes the listener of {@link guard}: the socket has another one now. */
export function unguard(socket: Duplex): void {
  socket.off('error', ignore);
}

/** Answers an upgrade request with an HTTP status and a text that says why, and closes its socket. */
export function refuse(socket: Duplex, status: number, reason: string): void {
  guard(socket); // The client may have closed the socket already.
  // A client that continues to write would keep its half of the socket open.
  socket.once('finish', () => socket.destroy());
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(reason)}`,
  ].join('\r\n');
  socket.end(`${headers}\r\n${HEADERS[status] ?? ''}\r\n${reason}`);
}

function ignore(): void {}
