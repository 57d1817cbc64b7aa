import { type WebSocket, WebSocketServer } from 'ws';
import { type Attach, TOKEN } from '../foreign.ts';

type Message = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: Record<string, unknown>,
];

/** A socket of Phoenix with its serializer 2.0.0, from "Writing a Channels Client" and `Phoenix.Channel.Server`. */
export const phoenix: Attach = (http, world) => {
  const server = new WebSocketServer({ noServer: true });
  const joined = new Map<WebSocket, Map<string, string | null>>();
  const send = (client: WebSocket, ...message: Message) => client.send(JSON.stringify(message));

  http.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const isLetIn = searchParams.get('token') === TOKEN && searchParams.get('vsn') === '2.0.0';
    if (pathname !== '/socket/websocket' || !isLetIn)
      return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    world.heard.push('login');
    setTimeout(
      () =>
        server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client)),
      world.loginTakes,
    );
  });

  server.on('connection', (client: WebSocket) => {
    const topics = new Map<string, string | null>();
    joined.set(client, topics);
    client.on('close', () => joined.delete(client));
    client.on('message', (data: Buffer) => {
      const [joinRef, ref, topic, event, payload] = JSON.parse(String(data)) as Message;
      const reply = (status: string, response: object) =>
        send(client, joinRef, ref, topic, 'phx_reply', { status, response });
      if (topic === 'phoenix') return event === 'heartbeat' ? reply('ok', {}) : undefined;
      if (event === 'phx_join') {
        const former = topics.get(topic);
        // A second join ends the first one.
        if (former !== undefined) send(client, former, former, topic, 'phx_close', {});
        topics.set(topic, joinRef);
        return reply('ok', {});
      }
      if (!topics.has(topic)) return reply('error', { reason: 'unmatched topic' });
      if (event === 'phx_leave') {
        world.heard.push('unsubscribe');
        topics.delete(topic);
        reply('ok', {});
        return send(client, joinRef, joinRef, topic, 'phx_close', {});
      }
      world.heard.push(String(payload.text));
      if (event === 'say') send(client, null, null, topic, 'said', payload);
      else if (event === 'ask') reply('ok', { text: `${String(payload.text)}!` });
      else reply('error', { reason: `no event ${event}` });
    });
  });

  const everyListener = (tell: (client: WebSocket, joinRef: string | null) => void) => {
    for (const [client, topics] of joined) {
      const joinRef = topics.get('news');
      if (joinRef !== undefined) tell(client, joinRef);
    }
  };
  world.publish = (text) =>
    everyListener((client) => send(client, null, null, 'news', 'said', { text }));
  // A channel that crashed.
  world.endTopic = () =>
    everyListener((client, joinRef) => {
      joined.get(client)?.delete('news');
      send(client, joinRef, joinRef, 'news', 'phx_error', {});
    });
};
