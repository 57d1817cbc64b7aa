import { readFileSync } from 'node:fs';
import { expect, test as plain } from 'vitest';
import { lifeline } from '../../../src/core/lifeline/lifeline.ts';
import { presence as presenceExtension } from '../../../src/core/lifeline/presence.ts';
import { simulateOpen } from '../../support/simulation/world.ts';
import { test } from '../fixtures.ts';

const protocol = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');
const framesOf = (end: 'client' | 'server') =>
  [...protocol.matchAll(new RegExp(`^\`\`\`text ${end}\n(.*)\n\`\`\`$`, 'gm'))].map(
    ([, frame = '']) => frame,
  );
const topicOf = (frame: string) => {
  const { topic } = JSON.parse(frame) as { topic?: string };
  return topic === undefined ? {} : { topic };
};
const kindOf = (frame: string) => (JSON.parse(frame) as { lifeline: string }).lifeline;

plain('PROTOCOL.md shows every frame of client and server', () => {
  expect(new Set(framesOf('client').map(kindOf))).toEqual(
    new Set(['ping', 'watch', 'unwatch', 'leave']),
  );
  expect(new Set(framesOf('server').map(kindOf))).toEqual(
    new Set(['pong', 'presence', 'online', 'offline', 'unwatch']),
  );
});

test.for(framesOf('client'))('the server accepts %s', async (frame, { start }) => {
  const { server, visit } = await start({});
  server.on('connection', (client) => server.subscribe(client, 'room'));
  const messages: unknown[] = [];
  server.on('message', (_client, data) => messages.push(data));
  const visitor = await visit();
  visitor.socket.send(frame);
  await visitor.roundTrip();
  expect(server.malformed).toBe(0);
  expect(messages).toEqual([]);
  const answers: Record<string, unknown> = {
    ping: { lifeline: 'pong', timestamp: 1_700_000_000_000 },
    watch: {
      lifeline: 'presence',
      id: expect.any(String),
      ...topicOf(frame),
      online: [expect.any(String)],
    },
  };
  const answer = answers[kindOf(frame)];
  if (answer) await visitor.receives(answer);
});

plain('the client accepts every frame of the server in PROTOCOL.md', () => {
  const { connection, network, log } = simulateOpen({ heartbeat: lifeline({ id: 'ada' }) });
  const presence = connection.extend(presenceExtension);
  presence.watch(() => {});
  presence.watch(() => {}, 'room');
  const seen = framesOf('server').map((frame) => {
    network.server.sends(frame);
    return [kindOf(frame), presence.list(), presence.list('room')];
  });
  expect(seen).toEqual([
    ['pong', null, null],
    ['presence', ['ada', 'grace'], null],
    ['online', ['ada', 'grace', 'alan'], null],
    ['offline', ['ada', 'alan'], null],
    ['presence', ['ada', 'alan'], null],
    ['online', ['ada', 'joan'], null],
    ['presence', ['ada', 'joan'], ['ada', 'alan']],
    ['unwatch', ['ada', 'joan'], null],
  ]);
  expect(log).toEqual([]);
});

plain('the client sends exactly the frames of PROTOCOL.md', () => {
  const { connection, network, clock } = simulateOpen({
    heartbeat: lifeline({ id: 'ada' }),
    linger: 0,
  });
  const presence = connection.extend(presenceExtension);
  const stops = [presence.watch(() => {}), presence.watch(() => {}, 'room')];
  const { server } = network;
  clock.advance(100);
  server.sends('{"lifeline":"presence","id":"ada","topic":"room","online":[]}');
  for (const stop of stops) stop();
  clock.advance(1);
  connection.close();
  const sent = server.received as readonly string[];
  expect(sent.map((frame) => frame.replace(/\d{10,}/, '1700000000000'))).toEqual([
    '{"lifeline":"watch"}',
    '{"lifeline":"watch","topic":"room"}',
    '{"lifeline":"ping","id":"ada","timestamp":1700000000000}',
    '{"lifeline":"unwatch"}',
    '{"lifeline":"unwatch","topic":"room"}',
    '{"lifeline":"leave"}',
  ]);
  for (const frame of sent)
    expect(framesOf('client')).toContain(frame.replace(/\d{10,}/, '1700000000000'));
});
