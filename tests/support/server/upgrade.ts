import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * Asks for an upgrade by hand, since a client of ws would take care of what is wrong with it.
 *
 * @param header - Takes the place of the right one.
 */
export function askForUpgrade(port: number, path = '/', header = ''): Socket {
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
  socket.write([`GET ${path} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
  return socket;
}

/** The first line of the answer. */
export async function statusLine(socket: Socket): Promise<string> {
  const [data] = (await once(socket, 'data')) as [Buffer];
  return String(data).split('\r\n', 1)[0] ?? '';
}
