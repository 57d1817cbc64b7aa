import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Aedes, type AedesPublishPacket } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { type Attach, TOKEN } from './foreign.ts';

const DISCONNECT = 0xe0;

/** aedes reads once when there is something to read, and from Node 26 on that gives one chunk of several. */
function readerOfAll(stream: Duplex): () => Buffer | null {
  const readNext = stream.read.bind(stream) as () => Buffer | null;
  return () => {
    const chunks: Buffer[] = [];
    for (let chunk; (chunk = readNext());) chunks.push(chunk);
    return chunks.length > 0 ? Buffer.concat(chunks) : null;
  };
}

/** aedes over WebSocket. What is published to `say` goes back to its sender as `said`. */
export const aedes: Attach = async (http, world) => {
  const broker = await Aedes.createBroker();
  const server = new WebSocketServer({ server: http, handleProtocols: () => 'mqtt' });
  server.on('connection', (socket, request) => {
    socket.on('message', ([first]: Buffer) => {
      if (first === DISCONNECT) world.heard.push('farewell');
    });
    const stream = createWebSocketStream(socket).on('error', () => {});
    broker.handle(Object.assign(stream, { read: readerOfAll(stream) }), request);
  });
  broker.authenticate = async (_client, _name, password, done) => {
    world.heard.push('login');
    await delay(world.loginTakes);
    if (String(password) === TOKEN) done(null, true);
    else done(Object.assign(new Error('Who?'), { returnCode: 4 }), null);
  };
  const tell = (topic: string, text: string) =>
    ({ cmd: 'publish', topic, payload: text, qos: 0, retain: false, dup: false }) as const;
  broker.on('publish', ({ topic, payload }: AedesPublishPacket, client) => {
    if (topic === 'will') world.heard.push('will');
    if (!client || topic !== 'say') return;
    world.heard.push(String(payload));
    client.publish(tell('said', String(payload)), () => {});
  });
  broker.on('unsubscribe', (_topics, client) => {
    // It also tells of those that it forgets with their client.
    if (client.connected) world.heard.push('unsubscribe');
  });
  world.publish = (text) => broker.publish(tell('news', text), () => {});
  return () => new Promise<void>((resolve) => broker.close(resolve));
};
