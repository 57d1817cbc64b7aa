/** Functions, codecs and stores of the application that throw, reject, or answer with what cannot be read. */
import { describe, expect, vi } from 'vitest';
import { memoryPresence, type PresenceStore, type ServerOptions } from '../../src/server.ts';
import { BroadcastHub } from '../support/server/broadcast-hub.ts';
import { test } from './fixtures.ts';

/** A value that throws whatever is asked of it. */
const unreadable = (): never =>
  new Proxy(
    {},
    {
      get: () => expect.unreachable('It was read.'),
      getPrototypeOf() {
        throw new Error('not to be read');
      },
    },
  ) as never;
const throwUnreadable = (): never => {
  throw unreadable();
};
const reject = async (): Promise<never> => {
  throw new Error('too late');
};

describe('a hook that throws what cannot be read answers its client all the same', () => {
  test.for([
    ['origins', 403],
    ['protocols', 500],
    ['authenticate', 401],
    ['describe', 101],
  ] as const)('%s, with %i (fault 93)', async ([name, status], { start }) => {
    const { statusOf, errors } = await start({ [name]: throwUnreadable });
    expect(await statusOf('/', { protocols: ['chat'] })).toBe(status);
    expect(errors.map(String)).toEqual([
      expect.stringMatching(/that is not an Error|not to be read/),
    ]);
  });
});

describe('a promise that must not be returned, and rejects, is an error event and not the end of the process', () => {
  test.for([
    ['origins', 403],
    ['path', 404],
    ['protocols', 500],
    ['describe', 101],
  ] as const)('by %s (fault 93)', async ([name, status], { start }) => {
    const { statusOf, errors } = await start({ [name]: reject });
    expect(await statusOf('/', { protocols: ['chat'] })).toBe(status);
    await vi.waitFor(() => expect(errors.map(String)).toContain('Error: too late'));
  });

  test('by visible, which hides everybody (fault 93)', async ({ start }) => {
    const { visit, errors } = await start({ visible: reject as never });
    const ada = await visit();
    ada.send('{"lifeline":"watch"}');
    await vi.waitFor(() => expect(ada.received).toHaveLength(1));
    expect(String(ada.received[0])).toContain('"online":[]');
    expect(errors.map(String)).toEqual(['Error: too late']);
  });

  test.for(['start', 'join', 'leave', 'seen'] as const)(
    'by %s() of a presence store (fault 93)',
    async (name, { start }) => {
      const presence = { ...memoryPresence(), [name]: reject as never } satisfies PresenceStore;
      const { server, visit, errors } = await start({ presence });
      const ada = await visit();
      await ada.roundTrip();
      ada.socket.terminate();
      await vi.waitFor(() => expect(server.clients.size).toBe(0));
      await vi.waitFor(() => expect(errors.map(String)).toContain('Error: too late'));
    },
  );

  test('by publish() of a broadcast channel (fault 93)', async ({ start }) => {
    const broadcasts = { ...new BroadcastHub().channel(), publish: reject as never };
    const { server, errors } = await start({ broadcasts });
    server.broadcast('hello');
    server.disconnect('nobody');
    await vi.waitFor(() =>
      expect(errors.map(String)).toEqual(['Error: too late', 'Error: too late']),
    );
  });

  test('by decode() and encode() of a codec: the message is invalid, and send() throws (fault 93)', async ({
    start,
  }) => {
    const { server, visit } = await start({ codec: { encode: reject as never, decode: reject } });
    const reasons: string[] = [];
    server.on('invalid', (client, { reason }) => {
      reasons.push(reason);
      expect(() => client.send('hello')).toThrow(/sends text/);
    });
    const ada = await visit();
    ada.send('hello');
    await ada.roundTrip();
    expect(reasons).toEqual(['The codec cannot decode it (TypeError).']);
  });
});

test('a store whose seen() or list() fails loses no frame and no connection (fault 93)', async ({
  start,
}) => {
  const fails = () => {
    throw new Error('store failed');
  };
  const presence = { ...memoryPresence(), seen: fails, list: reject as never };
  const { server, visit, errors } = await start({ presence });
  const heard: unknown[] = [];
  server.on('message', (_client, data) => heard.push(data));
  const ada = await visit();
  ada.send('hello');
  ada.send('{"lifeline":"watch"}');
  ada.socket.ping();
  await ada.roundTrip();
  expect(heard).toEqual(['hello']);
  expect(new Set(errors.map(String))).toEqual(
    new Set([
      'Error: store failed',
      'Error: too late',
      'TypeError: list() of the presence store returned no list: return one, not a promise.',
    ]),
  );
});

test('a message that a codec refuses with an error that cannot be read is invalid, and ends nothing (fault 93)', async ({
  start,
}) => {
  const { server, visit } = await start({
    codec: {
      encode: String,
      decode(frame) {
        const kind = typeof frame === 'string' ? frame : '';
        const thrown: Record<string, () => unknown> = {
          proxy: unreadable,
          name: () => Object.assign(new Error('x'), { name: { toString: 1 } }),
          // A key of a map that a schema has made of what the client sent.
          key: () => ({ issues: [{ path: [{ key: JSON.parse('{"toString":1}') }] }] }),
          issue: () => ({ issues: [null] }),
        };
        throw thrown[kind]?.();
      },
    },
  });
  const reasons: string[] = [];
  server.on('invalid', (_client, { reason }) => reasons.push(reason));
  const ada = await visit();
  for (const kind of ['proxy', 'name', 'key', 'issue']) ada.send(kind);
  await ada.roundTrip();
  expect(reasons).toEqual([
    'The codec cannot decode it.',
    'The codec cannot decode it (?).',
    'It does not fit the schema: ?.',
    'The codec cannot decode it.',
  ]);
});

test('visible() may end the subscription for which it is asked: nothing more is told (fault 93)', async ({
  start,
}) => {
  let isAllowed = true;
  const options: ServerOptions = {
    authenticate: ({ url }) => url ?? null,
    presence: memoryPresence({ grace: 0 }),
    visible(viewer, _id, topic = '') {
      if (!isAllowed) server.unsubscribe(viewer, topic);
      return true;
    },
  };
  const { server, visit } = await start(options);
  server.on('connection', (client) => server.subscribe(client, 'room'));
  const [ada, grace] = [await visit('/ada'), await visit('/grace')];
  const told = () =>
    ada.received.map((frame) => JSON.parse(String(frame)) as Record<string, unknown>);
  ada.send('{"lifeline":"watch","topic":"room"}');
  await vi.waitFor(() => expect(told()).toHaveLength(1));
  // One goes and one comes in the same round.
  isAllowed = false;
  grace.socket.close();
  await visit('/alan');
  await vi.waitFor(() => expect(told()).toHaveLength(2));
  const end = { lifeline: 'unwatch', topic: 'room' };
  expect(told()[1]).toEqual(end);
  // The list is asked for again, and ends in the same way.
  const [client] = [...server.clients].filter(({ id }) => id === '/ada');
  if (client) server.subscribe(client, 'room');
  await vi.waitFor(() => expect(told()).toHaveLength(3));
  expect(told()[2]).toEqual(end);
});
