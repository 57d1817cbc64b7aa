import { describe, expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createConnection } from '../../src/core.ts';
import { lifeline } from '../../src/presence.ts';
import { type BroadcastChannel, type BroadcastListener, memoryPresence } from '../../src/server.ts';
import { byPath, test } from './fixtures.ts';

/** A channel between servers of one process. */
function createNetwork(): () => BroadcastChannel {
  const listeners = new Set<BroadcastListener>();
  return () => {
    let own: BroadcastListener | undefined;
    return {
      start: (listener) => void listeners.add((own = listener)),
      publish(broadcast) {
        for (const listener of listeners) if (listener !== own) listener.deliver(broadcast);
      },
      stop: async () => void (own && listeners.delete(own)),
    };
  };
}

describe('disconnect()', () => {
  test('closes all clients of an identity on all servers, and no others (fault 95)', async ({
    start,
  }) => {
    const join = createNetwork();
    const options = () => ({ authenticate: byPath, broadcasts: join() });
    const [one, two] = [await start(options()), await start(options())];
    const ada = [await one.visit('/ada'), await one.visit('/ada'), await two.visit('/ada')];
    const grace = [await one.visit('/grace'), await two.visit('/grace')];
    one.server.disconnect('ada', 4403, 'blocked');
    for (const { closed } of ada) expect(await closed).toEqual([4403, 'blocked']);
    two.server.disconnect('nobody');
    for (const visitor of grace) await visitor.roundTrip();
    for (const visitor of grace) expect(visitor.received).toHaveLength(1);
    one.server.disconnect('grace');
    for (const { closed } of grace) expect(await closed).toEqual([4401, '']);
  });

  test('also refuses a client that authenticate has not decided on yet (fault 95)', async ({
    start,
  }) => {
    const answers: ((id: string) => void)[] = [];
    const { server, visit } = await start({
      authenticate: () => new Promise<string>((resolve) => answers.push(resolve)),
    });
    const visitors = [visit(), visit()];
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    server.disconnect('ada', 4401, 'logged out');
    answers[0]?.('ada');
    answers[1]?.('grace');
    const [ada, grace] = await Promise.all(visitors);
    const closed = await Promise.race([ada?.closed, grace?.closed]);
    expect(closed).toEqual([4401, 'logged out']);
    expect([...server.clients].map(({ id }) => id)).toEqual(['grace']);
    const later = visit();
    await vi.waitFor(() => expect(answers).toHaveLength(3));
    answers[2]?.('ada');
    await (await later).roundTrip();
  });

  test('cannot be caused by a broadcast of the application, nor by a malformed one (fault 95)', async ({
    start,
  }) => {
    const join = createNetwork();
    const [one, two] = [await start({ broadcasts: join() }), await start({ broadcasts: join() })];
    const visitor = await two.visit();
    const [client] = two.server.clients;
    const message = JSON.stringify({
      disconnect: { id: client?.id, code: 4401, reason: '' },
    });
    one.server.broadcast(message);
    one.server.broadcast(message, { topic: '' });
    const stranger = join();
    stranger.start({ deliver: () => {}, error: () => {} });
    const wrong = ['', '{}', 'null', message.replace('4401', '1006'), message.replace('""', '7')];
    for (const text of wrong) stranger.publish({ message: text, topic: '' });
    stranger.publish({ message: Buffer.from(message), topic: '' });
    await visitor.receives(message);
    await visitor.roundTrip();
    expect(visitor.received).toHaveLength(2);
  });
});

test('the frame leave ends presence without the grace when the client has gone; a lost link does not (fault 95)', async ({
  start,
}) => {
  const { server, visit } = await start({
    authenticate: byPath,
    presence: memoryPresence({ grace: 60_000 }),
  });
  const heard: string[] = [];
  server.on('offline', (id) => heard.push(id));
  const [ada, tab, grace, alan] = await Promise.all(
    ['/ada', '/ada', '/grace', '/alan'].map((path) => visit(path)),
  );
  ada?.send({ lifeline: 'leave' });
  ada?.socket.close();
  alan?.socket.close();
  await vi.waitFor(() => expect(server.clients.size).toBe(2));
  // Another tab is still there.
  expect(server.presence.list()).toEqual(['ada', 'grace', 'alan']);
  tab?.send({ lifeline: 'leave' });
  tab?.socket.close();
  grace?.socket.close();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  expect([heard, server.presence.list()]).toEqual([['ada'], ['grace', 'alan']]);
  expect(server.malformed).toBe(0);
  await visit('/ada');
  expect(server.presence.isOnline('ada')).toBe(true);
});

test('close() of a client with the heartbeat lifeline() ends presence at once (fault 95)', async ({
  start,
}) => {
  const { server, url } = await start({
    authenticate: byPath,
    presence: memoryPresence({ grace: 60_000 }),
  });
  const connection = createConnection({ WebSocket, url: `${url}/ada`, heartbeat: lifeline() });
  connection.open();
  await vi.waitFor(() => expect(server.presence.isOnline('ada')).toBe(true));
  await vi.waitFor(() => expect(connection.getSnapshot().status).toBe('open'));
  connection.close(4000, 'bye');
  await vi.waitFor(() => expect(server.presence.isOnline('ada')).toBe(false));
  expect(server.clients.size).toBe(0);
});
