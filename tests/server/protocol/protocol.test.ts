import { readFileSync } from 'node:fs';
import { expect, test as plain } from 'vitest';
import { lifeline } from '../../../src/core/lifeline/lifeline.ts';
import { presence as presenceExtension } from '../../../src/core/lifeline/presence.ts';
import { simulateOpen } from '../../support/simulation/world.ts';
import { test } from '../fixtures.ts';

const paper = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');
const printed = (end: 'client' | 'server') =>
  [...paper.matchAll(new RegExp(`^\`\`\`text ${end}\n(.*)\n\`\`\`$`, 'gm'))].map(
    ([, frame = '']) => frame,
  );
const word = (frame: string) => (JSON.parse(frame) as { lifeline: string }).lifeline;

plain('PROTOCOL.md prints every word of both ends', () => {
  expect(new Set(printed('client').map(word))).toEqual(new Set(['ping', 'watch', 'unwatch']));
  expect(new Set(printed('server').map(word))).toEqual(
    new Set(['pong', 'presence', 'online', 'offline']),
  );
});

test.for(printed('client'))('the server understands %s', async (frame, { start }) => {
  const { server, visit } = await start({});
  const messages: unknown[] = [];
  server.on('message', (_client, data) => messages.push(data));
  const visitor = await visit();
  visitor.socket.send(frame);
  await visitor.roundTrip();
  expect(server.malformed).toBe(0);
  expect(messages).toEqual([]);
  const answers: Record<string, unknown> = {
    ping: { lifeline: 'pong', timestamp: 1_700_000_000_000 },
    watch: { lifeline: 'presence', id: expect.any(String), online: [expect.any(String)] },
  };
  const answer = answers[word(frame)];
  if (answer) await visitor.hears(answer);
});

plain('the client understands what the server says', () => {
  const { connection, network, log } = simulateOpen({ heartbeat: lifeline({ id: 'ada' }) });
  const presence = connection.extend(presenceExtension);
  presence.watch(() => {});
  const seen = printed('server').map((frame) => {
    network.server.sends(frame);
    return [word(frame), presence.list()];
  });
  expect(seen).toEqual([
    ['pong', []],
    ['presence', ['ada', 'grace']],
    ['online', ['ada', 'grace', 'alan']],
    ['offline', ['ada', 'alan']],
  ]);
  expect(log).toEqual([]);
});

plain('the client says what the paper says that it does', () => {
  const { connection, network, clock } = simulateOpen({
    heartbeat: lifeline({ id: 'ada' }),
    linger: 0,
  });
  const stop = connection.extend(presenceExtension).watch(() => {});
  clock.advance(25_000);
  stop();
  clock.advance(1);
  const said = network.server.received as readonly string[];
  expect(said.map((frame) => frame.replace(/\d{10,}/, '1700000000000'))).toEqual([
    '{"lifeline":"watch"}',
    '{"lifeline":"ping","id":"ada","timestamp":1700000000000}',
    '{"lifeline":"unwatch"}',
  ]);
  for (const frame of said)
    expect(printed('client')).toContain(frame.replace(/\d{10,}/, '1700000000000'));
});
