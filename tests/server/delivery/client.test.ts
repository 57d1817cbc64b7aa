/** The client and the companion, over links that are cut at random bytes. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { memoryHistory, memorySessions, Refusal } from '../../../src/server.ts';
import { seededRandom } from '../../support/random.ts';
import { nothingLost, talkOverCuts } from '../../support/talk-over-cuts.ts';
import { byPath, test } from '../fixtures.ts';

test('messages in both directions and requests arrive once and in order, over forty cuts', async ({
  start,
}) => {
  const random = seededRandom(42);
  const { server, url } = await start({
    authenticate: byPath,
    sessions: memorySessions(),
    history: memoryHistory(),
  });
  const handled: string[] = [];
  const runs: string[] = [];
  server.on('connection', (client) => void server.subscribe(client, 'room'));
  server.on('message', async (_client, message) => {
    handled.push(String(message));
    if (random() < 0.2) await delay(random() * 20);
  });
  server.on('request', async (_client, message) => {
    runs.push(String(message));
    await delay(random() * 50);
    if (String(message).endsWith('7')) throw new Refusal('no sevens');
    return `reply to ${String(message)}`;
  });

  const talk = await talkOverCuts({
    port: Number(new URL(url).port),
    publish: (text) => server.broadcast(text, { topic: 'room' }),
    random,
  });
  expect({ handled, runs, ...talk }).toEqual(nothingLost);
});
