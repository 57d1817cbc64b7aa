import { expect, vi } from 'vitest';
import {
  createLifelineServer,
  memoryPresence,
  type PresenceListener,
} from '../../../src/server.ts';
import { byPath, test } from '../fixtures.ts';

const sorted = (ids: readonly string[]) => expect.arrayContaining([...ids]) as string[];

test('an identity is online from its first connection until the grace after its last one', async ({
  start,
}) => {
  const { server, visit } = await start({
    authenticate: byPath,
    presence: memoryPresence({ grace: 100 }),
  });
  const changes: string[] = [];
  server.on('online', (id) => changes.push(`+${id}`));
  server.on('offline', (id) => changes.push(`-${id}`));
  const before = Date.now();
  const tabs = [await visit('/ada'), await visit('/ada')] as const;
  expect(server.presence.isOnline('ada')).toBe(true);
  tabs[0].socket.terminate();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(changes).toEqual(['+ada']);
  const left = performance.now();
  tabs[1].socket.terminate();
  await vi.waitFor(() => expect(changes).toEqual(['+ada', '-ada']));
  expect(performance.now() - left).toBeGreaterThan(99);
  expect(server.presence.list()).toEqual([]);
  expect(await server.presence.lastSeen('ada')).toBeGreaterThanOrEqual(before);
  expect(await server.presence.lastSeen('grace')).toBeNull();
});

test('a watcher gets the list of who is online, then the changes, until it unwatches', async ({
  start,
}) => {
  const { visit } = await start({
    authenticate: byPath,
    presence: memoryPresence({ grace: 0 }),
  });
  const [ada, grace] = [await visit('/ada'), await visit('/grace')];
  ada.send({ lifeline: 'watch' });
  await ada.receives({ lifeline: 'presence', id: 'ada', online: sorted(['ada', 'grace']) });
  const joan = await visit('/joan');
  await ada.receives({ lifeline: 'online', ids: ['joan'] });
  joan.socket.close();
  await ada.receives({ lifeline: 'offline', ids: ['joan'] });
  ada.send({ lifeline: 'unwatch' });
  await ada.roundTrip();
  const before = ada.received.length;
  await visit('/mary');
  grace.send({ lifeline: 'watch' });
  await grace.receives({
    lifeline: 'presence',
    id: 'grace',
    online: sorted(['ada', 'grace', 'mary']),
  });
  await ada.roundTrip();
  expect(ada.received.length).toBe(before + 1);
  expect(grace.received).toHaveLength(1);
});

test('200 clients that connect and watch at once get few frames, and all get the same list in the end', async ({
  start,
}) => {
  const { visit } = await start({ authenticate: byPath });
  const visitors = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const visitor = await visit(`/${n}`);
      visitor.send({ lifeline: 'watch' });
      return visitor;
    }),
  );
  const known = ({ received }: (typeof visitors)[number]) =>
    new Set(
      received.flatMap((frame) => {
        const { online, ids } = JSON.parse(String(frame)) as Record<string, string[] | undefined>;
        return online ?? ids ?? [];
      }),
    );
  await vi.waitFor(
    () => expect(visitors.map((visitor) => known(visitor).size)).toEqual(visitors.map(() => 200)),
    10_000,
  );
  const frames = visitors.reduce((sum, { received }) => sum + received.length, 0);
  expect(frames).toBeLessThan(200 * 20);
});

test('a viewer never gets an id that visible() hides, neither in the list nor in changes, nor when visible() fails', async ({
  start,
}) => {
  const { visit, errors } = await start({
    authenticate: byPath,
    presence: memoryPresence({ grace: 0 }),
    visible(viewer, id) {
      if (id === 'broken') throw new Error('no idea');
      if (id === 'later') return Promise.resolve(true) as never;
      return viewer.id === 'boss' || !id.startsWith('secret');
    },
  });
  const hidden = ['secret-1', 'broken', 'later'];
  const early = await Promise.all(hidden.map((id) => visit(`/${id}`)));
  const [ada, boss] = [await visit('/ada'), await visit('/boss')];
  for (const viewer of [ada, boss]) viewer.send({ lifeline: 'watch' });
  await ada.receives({ lifeline: 'presence', id: 'ada', online: ['ada', 'boss'] });
  await boss.receives({ lifeline: 'presence', id: 'boss', online: ['secret-1', 'ada', 'boss'] });
  for (const visitor of early) visitor.socket.close();
  const secret = await visit('/secret-2');
  await boss.receives({ lifeline: 'offline', ids: ['secret-1'] });
  await boss.receives({ lifeline: 'online', ids: ['secret-2'] });
  secret.socket.close();
  const joan = await visit('/joan');
  await ada.receives({ lifeline: 'online', ids: ['joan'] });
  joan.socket.close();
  await ada.receives({ lifeline: 'offline', ids: ['joan'] });
  expect(String(ada.received)).not.toMatch(/secret|broken|later/);
  expect(String(boss.received)).not.toMatch(/broken|later/);
  expect(new Set(errors.map(({ message }) => message))).toEqual(new Set(['no idea']));
});

test('an identity that comes and goes between two frames is not mentioned', async ({ start }) => {
  let listener: PresenceListener | undefined;
  const online = new Set<string>();
  const { visit } = await start({
    authenticate: byPath,
    presence: {
      ...memoryPresence(),
      start: (given) => (listener = given),
      list: () => [...online],
    },
  });
  const change = (type: 'online' | 'offline', id: string) => {
    if (type === 'online') online.add(id);
    else online.delete(id);
    listener?.[type](id);
  };
  const [ada, grace] = [await visit('/ada'), await visit('/grace')];
  ada.send({ lifeline: 'watch' });
  await ada.receives({ lifeline: 'presence', id: 'ada', online: [] });
  change('online', 'blink');
  change('online', 'joan');
  // A watcher that comes in between gets each change once.
  grace.send({ lifeline: 'watch' });
  await grace.roundTrip();
  change('offline', 'blink');
  await ada.receives({ lifeline: 'online', ids: ['joan'] });
  await grace.receives({ lifeline: 'presence', id: 'grace', online: ['joan'] });
  change('offline', 'joan');
  await grace.receives({ lifeline: 'offline', ids: ['joan'] });
  expect(ada.received).toHaveLength(3);
  expect(grace.received).toHaveLength(3);
});

test("an error of the store causes an 'error' event, and the store stops with the server", async () => {
  let listener: PresenceListener | undefined;
  const stop = vi.fn<() => Promise<void>>(async () => {});
  const presence = {
    ...memoryPresence(),
    start: (given: PresenceListener) => (listener = given),
    stop,
  };
  const server = createLifelineServer({ presence });
  const errors: unknown[] = [];
  server.on('error', (error) => errors.push(error));
  listener?.error(new Error('away'));
  expect(errors).toEqual([new Error('away')]);
  await server.close();
  expect(stop).toHaveBeenCalledOnce();
});
