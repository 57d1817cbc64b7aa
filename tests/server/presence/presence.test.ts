import { expect, vi } from 'vitest';
import {
  createLifelineServer,
  memoryPresence,
  type PresenceListener,
} from '../../../src/server.ts';
import { byPath, test } from '../fixtures.ts';

const sorted = (ids: readonly string[]) => expect.arrayContaining([...ids]) as string[];

test('an identity is online with its first connection, offline once its last has been gone for the grace', async ({
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

test('who watches is told who is online, then of changes, until it does not want to know', async ({
  start,
}) => {
  const { visit } = await start({
    authenticate: byPath,
    presence: memoryPresence({ grace: 0 }),
  });
  const [ada, grace] = [await visit('/ada'), await visit('/grace')];
  ada.say({ lifeline: 'watch' });
  await ada.hears({ lifeline: 'presence', id: 'ada', online: sorted(['ada', 'grace']) });
  const joan = await visit('/joan');
  await ada.hears({ lifeline: 'online', ids: ['joan'] });
  joan.socket.close();
  await ada.hears({ lifeline: 'offline', ids: ['joan'] });
  ada.say({ lifeline: 'unwatch' });
  await ada.roundTrip();
  const before = ada.heard.length;
  await visit('/mary');
  grace.say({ lifeline: 'watch' });
  await grace.hears({
    lifeline: 'presence',
    id: 'grace',
    online: sorted(['ada', 'grace', 'mary']),
  });
  await ada.roundTrip();
  expect(ada.heard.length).toBe(before + 1);
  expect(grace.heard).toHaveLength(1);
});

test('a herd costs each watcher some frames, and all of them know the same in the end', async ({
  start,
}) => {
  const { visit } = await start({ authenticate: byPath });
  const visitors = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const visitor = await visit(`/${n}`);
      visitor.say({ lifeline: 'watch' });
      return visitor;
    }),
  );
  const known = ({ heard }: (typeof visitors)[number]) =>
    new Set(
      heard.flatMap((frame) => {
        const { online, ids } = JSON.parse(String(frame)) as Record<string, string[] | undefined>;
        return online ?? ids ?? [];
      }),
    );
  await vi.waitFor(
    () => expect(visitors.map((visitor) => known(visitor).size)).toEqual(visitors.map(() => 200)),
    10_000,
  );
  const frames = visitors.reduce((sum, { heard }) => sum + heard.length, 0);
  expect(frames).toBeLessThan(200 * 20);
});

test('what is hidden from a viewer leaks neither at first nor by changes, nor where visible fails', async ({
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
  for (const viewer of [ada, boss]) viewer.say({ lifeline: 'watch' });
  await ada.hears({ lifeline: 'presence', id: 'ada', online: ['ada', 'boss'] });
  await boss.hears({ lifeline: 'presence', id: 'boss', online: ['secret-1', 'ada', 'boss'] });
  for (const visitor of early) visitor.socket.close();
  const secret = await visit('/secret-2');
  await boss.hears({ lifeline: 'offline', ids: ['secret-1'] });
  await boss.hears({ lifeline: 'online', ids: ['secret-2'] });
  secret.socket.close();
  const joan = await visit('/joan');
  await ada.hears({ lifeline: 'online', ids: ['joan'] });
  joan.socket.close();
  await ada.hears({ lifeline: 'offline', ids: ['joan'] });
  expect(String(ada.heard)).not.toMatch(/secret|broken|later/);
  expect(String(boss.heard)).not.toMatch(/broken|later/);
  expect(new Set(errors.map(({ message }) => message))).toEqual(new Set(['no idea']));
});

test('one that is there and gone between two tellings is not told of', async ({ start }) => {
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
  ada.say({ lifeline: 'watch' });
  await ada.hears({ lifeline: 'presence', id: 'ada', online: [] });
  change('online', 'blink');
  change('online', 'joan');
  // Whoever comes in between is told of none of it twice, and of all that follows.
  grace.say({ lifeline: 'watch' });
  await grace.roundTrip();
  change('offline', 'blink');
  await ada.hears({ lifeline: 'online', ids: ['joan'] });
  await grace.hears({ lifeline: 'presence', id: 'grace', online: ['joan'] });
  change('offline', 'joan');
  await grace.hears({ lifeline: 'offline', ids: ['joan'] });
  expect(ada.heard).toHaveLength(3);
  expect(grace.heard).toHaveLength(3);
});

test("a store's error is an 'error' event, and it stops with the server", async () => {
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
