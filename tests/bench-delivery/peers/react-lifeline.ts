import { WebSocket } from 'ws';
import { createConnection } from '../../../src/core.ts';
import { confirmed } from '../../../src/delivery.ts';
import { createLifelineServer, memoryHistory, memorySessions } from '../../../src/server.ts';
import type { Peer } from './peer.ts';

const ROOM = { topic: 'room' };

/** The delays of Socket.IO, so that all have as much time with a link. Ours are longer: they spare a server that restarts. */
const reconnect = { minDelay: 500, baseDelay: 1_000, maxDelay: 5_000 };

/** With confirmations, sessions, and a history of all that is said in two minutes, which Socket.IO keeps, too. */
export const reactLifeline: Peer = {
  async serve(heard) {
    const server = createLifelineServer({
      port: 0,
      host: '127.0.0.1',
      origins: [null],
      sessions: memorySessions(),
      history: memoryHistory({ perTopic: 2_000 }),
    });
    server.on('connection', (client) => void server.subscribe(client, ROOM.topic));
    server.on('message', (_client, message) => heard(String(message)));
    const port = await new Promise<number>((resolve) => server.on('listening', resolve));
    return {
      port,
      say(text) {
        server.broadcast(text, ROOM);
      },
    };
  },
  connect(port, heard) {
    const url = `ws://127.0.0.1:${port}/`;
    const connection = createConnection({
      url,
      WebSocket,
      reconnect,
      heartbeat: true,
      delivery: confirmed(),
    });
    connection.on('message', (message) => {
      if (typeof message === 'string') heard(message);
    });
    connection.open();
    return { send: (text) => void connection.send(text) };
  },
};
