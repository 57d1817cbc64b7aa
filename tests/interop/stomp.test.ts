import { setTimeout as delay } from 'node:timers/promises';
import { stomp as options } from 'protocols.md/stomp.ts';
import StompServer from 'stomp-broker-js';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { reaches } from '../support/reaches.ts';
import { connectWith } from '../support/recorded-connection.ts';
import { type Attach, startForeign, TOKEN } from './foreign.ts';
import { here, logIn, tells } from './story.ts';

type StompFrame = { command: string; headers?: Record<string, string>; body?: string };

const attach: Attach = (http, world) => {
  const server = new StompServer({ server: http, heartbeat: [100, 100] });
  // It logs everybody in at once, and forgets the receipts of what is sent.
  const { parseRequest } = server;
  server.parseRequest = (socket: WebSocket, data: string) => {
    const [, receipt] = /^SEND\n(?:.+\n)*receipt:(.*)\n/.exec(data) ?? [];
    if (receipt) socket.send(`RECEIPT\nreceipt-id:${receipt}\n\n\0`);
    if (!data.startsWith('CONNECT')) return void parseRequest.call(server, socket, data);
    world.heard.push('login');
    // And beats as often as a client wants, but a test cannot wait for 10 s.
    const hasty = data.replace('0,10000', '0,100');
    setTimeout(() => parseRequest.call(server, socket, hasty), world.loginTakes);
  };
  server.setMiddleware(
    'connect',
    (_socket: object, { headers }: StompFrame, next: () => boolean) =>
      headers?.passcode === TOKEN && next(),
  );
  server.setMiddleware('disconnect', (_socket: object, receipt: unknown, next: () => boolean) => {
    world.heard.push('farewell');
    return next();
  });
  server.on('unsubscribe', () => world.heard.push('unsubscribe'));
  server.subscribe('/say', (text: string) => {
    world.heard.push(text);
    server.send('/said', {}, text);
  });
  world.publish = (text) => server.send('/news', {}, text);
};

describe('STOMP, stomp-broker-js', () => {
  tells<StompFrame, StompFrame>({
    server: () => startForeign(attach),
    options,
    topic: '/news',
    speaksIn: '/said',
    unsubscribes: true,
    say: (text) => ({ command: 'SEND', headers: { destination: '/say' }, body: text }),
    textOf: ({ command, body }) => (command === 'MESSAGE' ? body : undefined),
    isAnswer: ({ command }) => command === 'RECEIPT',
    refusal: { kind: 'error', name: 'Error' },
    takesLeave: true,
  });
});

test('a broker that wants to hear from us, and does not answer: kept alive, and never judged', async () => {
  logIn(TOKEN);
  const { world, proxy } = await startForeign(attach);
  const connection = connectWith(WebSocket)<StompFrame, StompFrame>({
    ...here({ proxy }, options, [50, 5_000]),
    async handshake(context) {
      await options.handshake({
        ...context,
        send: (frame: StompFrame) =>
          context.send({ ...frame, headers: { ...frame.headers, 'heart-beat': '50,0' } }),
      });
    },
    heartbeat: { interval: 50, timeout: Infinity, ping: '\n', pong: '\n' },
  });
  await reaches(connection, 'open');
  // It ends what has been silent for 1.1 s.
  await delay(2_500);
  expect(world.heard).toEqual(['login']);
  expect(connection.statuses).toEqual(['connecting', 'open']);
});
