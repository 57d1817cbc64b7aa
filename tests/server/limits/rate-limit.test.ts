import { describe, expect, test as unit, vi } from 'vitest';
import { RateLimit } from '../../../src/server/limits/rate-limit.ts';
import type { Visitor } from '../../support/server/visitor.ts';
import { byPath, test } from '../fixtures.ts';

describe('the rate of an identity', () => {
  const rate = { perSecond: 0.1, burst: 10 };
  const ping = ({ socket }: Visitor) => socket.ping();
  const pong = ({ socket }: Visitor) => socket.pong();
  const text = (visitor: Visitor) => visitor.send('more');

  test.for([
    ['messages', text],
    ['protocol pings', ping],
    ['protocol pongs', pong],
  ] as const)('goes on after a reconnect: %s (fault 91)', async ([, say], { start }) => {
    const { visit } = await start({ rate, authenticate: byPath });
    const before = await visit('/ada');
    for (let n = 0; n < 9; n++) say(before);
    await before.roundTrip();
    before.socket.close();
    await before.closed;
    for (let n = 0; n < 3; n++) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      const after = await visit('/ada');
      say(after);
      // oxlint-disable-next-line no-await-in-loop -- one after another
      expect(await after.closed).toEqual([1008, 'Too many messages.']);
    }
    await (await visit('/grace')).roundTrip();
  });

  test('is that of all its connections together, and only the one that sends too much is closed (fault 91)', async ({
    start,
  }) => {
    const { server, visit } = await start({ rate, authenticate: byPath });
    const [one, two] = [await visit('/ada'), await visit('/ada')];
    for (let n = 0; n < 8; n++) one.send('more');
    await one.roundTrip();
    await two.roundTrip();
    two.send('more');
    expect((await two.closed)[0]).toBe(1008);
    await vi.waitFor(() => expect(server.clients.size).toBe(1));
    expect(one.socket.readyState).toBe(one.socket.OPEN);
  });

  test('is that of a connection where there is no authenticate (fault 91)', async ({ start }) => {
    const { visit } = await start({ rate });
    const [one, two] = [await visit(), await visit()];
    for (const visitor of [one, two]) for (let n = 0; n < 9; n++) visitor.send('more');
    for (const visitor of [one, two]) await visitor.roundTrip();
    one.send('more');
    expect((await one.closed)[0]).toBe(1008);
    expect(two.socket.readyState).toBe(two.socket.OPEN);
  });
});

unit('only identities whose bucket is not full are remembered (fault 91)', () => {
  const limit = new RateLimit({ perSecond: 100, burst: 2_000 });
  for (let n = 0; n < 100_000; n++) limit.take(`id-${n}`, n);
  expect(limit.size).toBeLessThanOrEqual(1_000);
  for (let n = 0; n < 2_000; n++) expect(limit.take('ada', 200_000)).toBe(true);
  for (let n = 0; n < 5_000; n++) limit.take(`other-${n}`, 201_000 + n / 1_000);
  expect(limit.take('ada', 201_100)).toBe(true);
  for (let n = 0; n < 200; n++) limit.take('ada', 201_100);
  expect(limit.take('ada', 201_100)).toBe(false);
});

unit('at most 100,000 identities are remembered, the newest (fault 91)', () => {
  const limit = new RateLimit({ perSecond: 0.001, burst: 1 });
  for (let n = 0; n < 250_000; n++) {
    limit.take(`id-${n}`, 1_000);
    if (n % 1_000 === 0) expect(limit.size).toBeLessThanOrEqual(100_000);
  }
  expect(limit.take('id-249999', 1_000)).toBe(false);
  expect(limit.take('id-0', 1_000)).toBe(true);
});
