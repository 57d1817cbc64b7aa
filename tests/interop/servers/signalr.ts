import { WebSocketServer } from 'ws';
import { type Attach, TOKEN } from '../foreign.ts';

const END = '\u001E';
const HANDSHAKE = 'handshake';

interface Message {
  readonly type?: number;
  readonly target?: string;
  readonly arguments?: readonly unknown[];
  readonly invocationId?: string;
}

/**
 * A hub of ASP.NET Core SignalR with the JSON protocol, from its specification (TransportProtocols.md, HubProtocol.md): a
 * handshake in the first frame, messages that end with a record separator, and pings of the server's own.
 */
export const signalr: Attach = (http, world) => {
  const server = new WebSocketServer({ noServer: true });
  http.on('request', (_request, response) => {
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        negotiateVersion: 1,
        connectionId: 'id',
        connectionToken: 'id',
        availableTransports: [{ transport: 'WebSockets', transferFormats: ['Text'] }],
      }),
    );
  });
  http.on('upgrade', (request, socket, head) => {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    // A page cannot send the header.
    const { authorization = `Bearer ${searchParams.get('access_token')}` } = request.headers;
    if (authorization !== `Bearer ${TOKEN}`)
      return void socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client));
  });

  server.on('connection', (client) => {
    const send = (...messages: object[]) =>
      client.send(messages.map((message) => JSON.stringify(message) + END).join(''));
    let pings: ReturnType<typeof setInterval> | undefined;
    client.on('close', () => clearInterval(pings));

    let state = HANDSHAKE;
    client.on('message', (data: Buffer) => {
      for (const text of String(data).split(END).slice(0, -1)) {
        const message = JSON.parse(text) as Message & { protocol?: string; version?: number };
        if (state === HANDSHAKE) {
          state = 'connected';
          const { protocol, version } = message;
          const known = protocol === 'json' && version === 1;
          world.heard.push('login');
          setTimeout(() => {
            send(known ? {} : { error: `The protocol '${protocol}' is not supported.` });
            // A real one says it every 15 s.
            pings = setInterval(() => send({ type: 6 }), 50);
          }, world.loginTakes);
        } else answer(message, send);
      }
    });
  });

  function answer(message: Message, send: (...messages: object[]) => void): void {
    const { type, target, invocationId, arguments: [text] = [] } = message;
    if (type === 7) return void world.heard.push('farewell');
    if (type !== 1) return;
    world.heard.push(String(text));
    // A real hub also puts several messages in a frame.
    if (target === 'Say') send({ type: 6 }, { type: 1, target: 'Said', arguments: [text] });
    if (invocationId === undefined) return;
    const known = target === 'Say' || target === 'Add';
    const error = `Failed to invoke '${target}': the method does not exist.`;
    send({ type: 3, invocationId, ...(known ? { result: `${String(text)}!` } : { error }) });
  }

  world.publish = (text) => {
    const frame = JSON.stringify({ type: 1, target: 'news', arguments: [text] }) + END;
    for (const client of server.clients) client.send(frame);
  };
};
