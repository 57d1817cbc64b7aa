import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers an upgrade with an HTTP status, and ends its socket. */
export function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => {}); // It may be gone already.
  // A client that goes on writing would keep its half of the socket open.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
