import { describe, expect, vi } from 'vitest';
import { memoryHistory, memorySessions } from '../../../src/server.ts';
import { seededRandom } from '../../support/random.ts';
import { slowHistory, slowSessions } from '../../support/server/slow-stores.ts';
import { createStore, test } from './fixtures.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each([
  ['without a network in front', () => ({ sessions: createStore(), history: memoryHistory() })],
  [
    'behind a network',
    () => ({
      sessions: slowSessions(memorySessions()),
      history: slowHistory(memoryHistory()),
    }),
  ],
])('with stores %s', (_, stores) => {
  test('20 links that die at random moments: every message once, in order, both ways (D24, D27)', async ({
    startSessions,
  }) => {
    const { server, client, handled } = await startSessions({ rate: false, ...stores() });
    const random = seededRandom(17);
    server.on('connection', (one) => void server.subscribe(one, 'room'));
    server.on('message', () => (random() < 0.3 ? pause(random() * 10) : undefined));
    const ada = client();
    let position: [string, string, number] | null = null;
    const heard: string[] = [];
    const read = () => {
      for (const word of ada.heard) {
        if (typeof word !== 'object' || Buffer.isBuffer(word) || word.topic !== 'room') continue;
        if (word.lifeline === 'gap') throw new Error('There was a gap.');
        if (word.lifeline === 'position' && position === null)
          position = ['room', String(word.epoch), Number(word.number)];
        if (word.lifeline !== 'topic' || !position || Number(word.number) <= position[2]) continue;
        expect(word.number).toBe(position[2] + 1);
        position = ['room', position[1], position[2] + 1];
        heard.push(String(word.payload));
      }
    };
    await ada.resume();
    await ada.hearsAll('position', 2);
    let said = 0;
    const talk = setInterval(() => server.broadcast(`${++said}`, { topic: 'room' }), 5);
    for (let link = 0; link < 20; link++) {
      for (let n = 0; n < 10; n++) ada.send(`${ada.sent + 1}`);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await pause(random() * 30);
      read();
      ada.readConfirmations();
      if (random() < 0.5) ada.visitor?.socket.terminate();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await ada.resume(position ? [position] : []);
    }
    await vi.waitFor(() => expect(handled).toHaveLength(200));
    clearInterval(talk);
    await vi.waitFor(
      async () => {
        await ada.roundTrip();
        read();
        expect(heard).toHaveLength(said);
      },
      { timeout: 5_000 },
    );
    await vi.waitFor(async () => {
      await ada.roundTrip();
      expect(ada.taken).toBe(200);
    });
    expect(handled.map(([, number, text]) => [number, text])).toEqual(
      Array.from({ length: 200 }, (__, n) => [n + 1, `${n + 1}`]),
    );
    expect(heard).toEqual(Array.from({ length: said }, (__, n) => `${n + 1}`));
    expect(ada.unconfirmed.size).toBe(0);
  });

  test('nothing is confirmed before it is kept', async ({ startSessions }) => {
    const { client, handled } = await startSessions(stores());
    const ada = client();
    await ada.resume();
    for (const text of ['one', 'two', 'three']) ada.send(text);
    await ada.cut();
    await ada.resume();
    await vi.waitFor(async () => {
      await ada.roundTrip();
      expect(ada.taken).toBe(3);
    });
    expect(handled.map(([, number]) => number)).toEqual([1, 2, 3]);
  });
});
