import { setTimeout as delay } from 'node:timers/promises';
import { Server } from 'socket.io';
import { socketIo as options } from 'protocols.md/socket-io.ts';
import { describe } from 'vitest';
import { type Attach, startForeign, TOKEN } from './foreign.ts';
import { tells } from './story.ts';

type Packet = { type: string; id?: string | number; data?: unknown };

const attach: Attach = (http, world) => {
  // It ends what has not answered its ping for so long.
  const server = new Server(http, { pingInterval: 300, pingTimeout: 600, serveClient: false });
  server.use(async ({ handshake }, next) => {
    world.heard.push('login');
    await delay(world.loginTakes);
    next(handshake.auth.token === TOKEN ? undefined : new Error('Who?'));
  });
  server.on('connection', (socket) => {
    socket.on('say', (text: string, answer?: (text: string) => void) => {
      world.heard.push(text);
      if (answer) answer(`${text}!`);
      else socket.emit('said', text);
    });
    socket.on('disconnect', (reason) => {
      if (reason === 'client namespace disconnect') world.heard.push('farewell');
    });
  });
  world.publish = (text) => server.emit('news', text);
  return () => server.close();
};

describe('Socket.IO', () => {
  tells<Packet, Packet>({
    server: () => startForeign(attach),
    options,
    topic: 'news',
    say: (text) => ({ type: '42', data: ['say', text] }),
    textOf: ({ type, data }) => (type === '42' ? (data as string[])[1] : undefined),
    isAnswer: ({ data }, text) => (data as string[])[0] === `${text}!`,
    refusal: { kind: 'error', name: 'Error' },
    takesLeave: true,
  });
});
