import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * Sends an upgrade request over a plain socket, since a client of ws cannot send a wrong one.
 *
 * @param header - One more header. It replaces the right one of the same name.
 */
export function requestUpgrade(port: number, path = '/', header = ''): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const [wrong = ''] = header.split(':');
  const headers = [
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ].map((right) => (wrong !== '' && right.startsWith(`${wrong}:`) ? header : right));
  if (header && !headers.includes(header)) headers.push(header);
  socket.write([`GET ${path} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
  return socket;
}

/** The first line of the response. */
export async function statusLine(socket: Socket): Promise<string> {
  const [data] = (await once(socket, 'data')) as [Buffer];
  return String(data).split('\r\n', 1)[0] ?? '';
}
