import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers an upgrade request with an HTTP status, and closes its socket. */
export function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => {}); // The client may have closed the socket already.
  // A client that continues to write would keep its half of the socket open.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
