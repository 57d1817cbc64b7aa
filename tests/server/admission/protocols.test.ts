import { describe, expect } from 'vitest';
import { test } from '../fixtures.ts';

describe('the subprotocol', () => {
  test("is the first of the server's list that the client offers; a client that offers only others gets a 400 (fault 97)", async ({
    start,
  }) => {
    const { visit, statusOf } = await start({ protocols: ['chat.v2', 'chat.v1'] });
    const chosen = async (...protocols: string[]) =>
      (await visit('/', { protocols })).socket.protocol;
    expect(await chosen('chat.v1', 'chat.v2')).toBe('chat.v2');
    expect(await chosen('other', 'chat.v1')).toBe('chat.v1');
    expect(await chosen()).toBe('');
    expect(await statusOf('/', { protocols: ['other'] })).toBe(400);
    const none = await start({ protocols: [] });
    expect(await none.statusOf('/', { protocols: ['other'] })).toBe(400);
    expect(await none.statusOf()).toBe(101);
  });

  test('is what the function returns of the offered ones; null is a 400 (fault 97)', async ({
    start,
  }) => {
    const asked: unknown[] = [];
    const { server, visit, statusOf } = await start({
      protocols: (offered, { url }) => {
        asked.push([offered, url]);
        return offered.find((name) => name.startsWith('chat')) ?? null;
      },
    });
    const { socket } = await visit('/a', { protocols: ['token', 'chat.v3'] });
    expect(socket.protocol).toBe('chat.v3');
    expect([...server.clients].map((client) => client.socket.protocol)).toEqual(['chat.v3']);
    expect(await statusOf('/b', { protocols: ['other'] })).toBe(400);
    expect(await statusOf('/c')).toBe(101);
    expect(asked).toEqual([
      [['token', 'chat.v3'], '/a'],
      [['other'], '/b'],
    ]);
  });

  test('without the option is the first one that the client offers (fault 97)', async ({
    start,
  }) => {
    const { visit } = await start({});
    expect((await visit('/', { protocols: ['b', 'a'] })).socket.protocol).toBe('b');
  });

  test('differs between clients that are authenticated at the same time (fault 97)', async ({
    start,
  }) => {
    const { visit } = await start({
      authenticate: async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        return 'ada';
      },
      protocols: (offered) => offered.at(-1) ?? null,
    });
    const visitors = await Promise.all(
      ['one', 'two', 'three'].map((name) => visit('/', { protocols: ['x', name] })),
    );
    expect(visitors.map(({ socket }) => socket.protocol)).toEqual(['one', 'two', 'three']);
  });
});

test('compression is an option; compressed messages keep the size limit and their order (fault 97)', async ({
  start,
}) => {
  const { server, visit } = await start({ compression: true, maxPayload: 20_000 });
  server.on('message', (_client, data) => server.broadcast(data));
  const [ada, plain] = [await visit(), await visit('/', { perMessageDeflate: false })];
  expect(ada.socket.extensions).toBe('permessage-deflate');
  expect(plain.socket.extensions).toBe('');
  const messages = Array.from({ length: 20 }, (_, n) => String(n).repeat(n % 2 ? 1 : 5_000));
  for (const message of messages) ada.send(message);
  for (const visitor of [ada, plain]) {
    await visitor.receives(messages.at(-1));
    expect(visitor.received).toEqual(messages);
  }
  // A small frame that would fill the memory.
  ada.send('x'.repeat(10_000_000));
  expect((await ada.closed)[0]).toBe(1009);
});
