import { expect, vi } from 'vitest';
import { byPath, test } from '../fixtures.ts';

test('one connection more than maxConnectionsPerIdentity closes the one that was silent longest', async ({
  start,
}) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { server, visit } = await start({ authenticate: byPath, maxConnectionsPerIdentity: 2 });
  const [first, second] = [await visit('/ada'), await visit('/ada')];
  const grace = await visit('/grace');
  vi.advanceTimersByTime(1_000);
  vi.useRealTimers();
  await first.roundTrip();
  const third = await visit('/ada');
  expect(await second.closed).toEqual([1008, 'Too many connections.']);
  for (const visitor of [first, third, grace]) await visitor.roundTrip();
  await vi.waitFor(() =>
    expect([...server.clients].map(({ id }) => id)).toEqual(['ada', 'grace', 'ada']),
  );
  expect(server.presence.isOnline('ada')).toBe(true);
});

test('an identity whose clients never answer a close keeps at most one connection more than allowed', async ({
  start,
}) => {
  const { server, visit } = await start({ authenticate: byPath, maxConnectionsPerIdentity: 2 });
  const grace = await visit('/grace');
  const herd = Array.from({ length: 50 }, async () => {
    const visitor = await visit('/ada');
    visitor.socket.pause();
    return visitor;
  });
  await Promise.all(herd);
  const last = await visit('/ada');
  await vi.waitFor(() => expect(server.clients.size).toBeLessThanOrEqual(1 + 2 + 1));
  expect(server.presence.isOnline('ada')).toBe(true);
  for (const visitor of [last, grace]) await visitor.roundTrip();
});
