import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type ConnectionOptions, createConnection, type Frame, json } from '../../src/core.ts';
import { createTestServer, type TestServerOptions } from '../../src/testing.ts';

interface Message {
  readonly text: string;
}

/** A server and a connection to it that is opened, with a record of what the app sees. */
function setup(options: ConnectionOptions = {}, serverOptions: TestServerOptions = {}) {
  const server = createTestServer(serverOptions);
  const log: string[] = [];
  const connection = createConnection({
    ...server.options,
    ...options,
    onOpen: ({ reconnected }) => log.push(reconnected ? 'open again' : 'open'),
    onMessage: (message) => log.push(`message ${message as string}`),
    onClose: (cause) => log.push(cause.kind === 'close' ? `close ${cause.code}` : cause.kind),
  });
  connection.open();
  const status = () => connection.getSnapshot().status;
  return { server, connection, log, status };
}

describe('connecting', () => {
  test('a client is let in by itself, after the call that made it', async () => {
    const { server, status } = setup();
    expect(status()).toBe('connecting');
    await Promise.resolve();
    await Promise.resolve();
    expect(status()).toBe('open');
    expect(server.clients).toHaveLength(1);
  });

  test('connected() lets time pass until the delay of a reconnect is over', async () => {
    const { server, status } = setup();
    const first = await server.connected();
    server.drop();
    expect([first.isOpen, status()]).toEqual([false, 'reconnecting']);
    const second = await server.connected();
    expect([second.id, second.isOpen, status()]).toEqual(['client-2', true, 'open']);
  });

  test('connected() waits for several clients, and gives the newest', async () => {
    const server = createTestServer();
    const connect = (name: string) =>
      createConnection({ ...server.options, url: `${server.url}?name=${name}` }).open();
    connect('ada');
    expect((await server.connected()).url).toContain('ada');
    connect('bob');
    expect((await server.connected(2)).url).toBe('wss://server.test/live?name=bob');
    expect(server.clients.map(({ id }) => id)).toEqual(['client-1', 'client-2']);
  });

  test('connected() says what is the matter if nobody comes', async () => {
    const server = createTestServer();
    await expect(server.connected()).rejects.toThrow(
      /0 connected within 60 s of the test's clock, after 0 attempts in all\. .*Does the app use server\.options/,
    );
    server.refuse();
    createConnection(server.options).open();
    await expect(server.connected()).rejects.toThrow(/after [4-9] attempts in all.*refuses/);
    server.offline();
    await expect(server.connected()).rejects.toThrow(/There is no network: call online\(\)\.$/);
  });

  test('connected() says so, too, if nobody comes any more', async () => {
    const { server, connection } = setup();
    await server.connected();
    connection.close();
    await expect(server.connected()).rejects.toThrow(
      /0 connected .* after 1 attempts in all\. The server accepts\. No attempt arrived .*has it not closed\?/,
    );
  });

  test('a request of a url function is waited for in real time, as the error says', async () => {
    const server = createTestServer();
    const url = () => new Promise<string>((resolve) => setTimeout(() => resolve(server.url), 20));
    createConnection({ ...server.options, url }).open();
    await vi.waitFor(() => expect(server.clients).toHaveLength(1));
    server.drop();
    await server.advance(2_000);
    await vi.waitFor(() => expect(server.clients).toHaveLength(1));
    server.drop();
    await expect(server.connected()).rejects.toThrow(/after 2 attempts in all.*real time/);
  });

  test('without a codec, send() takes frames only', async () => {
    const { server } = setup();
    await server.connected();
    expect(() => server.send({ from: 'ada' } as never)).toThrow(/text or binary.*use a codec/);
  });

  test('refuse() and accept() decide about those that come', async () => {
    const { server, log, status } = setup();
    server.refuse();
    await server.advance(0);
    expect([log, status()]).toEqual([['close 1006'], 'reconnecting']);
    server.accept();
    const { id } = await server.connected();
    expect([id, log]).toEqual(['client-1', ['close 1006', 'open']]);
  });

  test('refuse() with a code lets in and closes, so that the app can tell why', async () => {
    const { server, log, status } = setup({}, {});
    server.refuse(4403, 'not here');
    await server.advance(60_000);
    expect([log, status()]).toEqual([['open', 'close 4403', 'open again', 'close 4403'], 'closed']);
  });

  test('hold() lets clients wait, until they give up or are let in', async () => {
    const { server, log, status } = setup();
    server.hold();
    await server.advance(9_999);
    expect(status()).toBe('connecting');
    await server.advance(1);
    expect([log, status()]).toEqual([['timeout'], 'reconnecting']);
    await server.advance(5_000);
    server.accept();
    expect(status()).toBe('open');
    expect(server.clients).toHaveLength(1);
  });

  test('a subprotocol is chosen, or the client refused', async () => {
    const options = { protocols: ['v2', 'v3'] };
    const chosen = setup({ protocols: ['v1', 'v2'] }, options);
    const client = await chosen.server.connected();
    expect([client.protocols, client.protocol]).toEqual([['v1', 'v2'], 'v2']);
    expect(chosen.connection.socket?.protocol).toBe('v2');

    const refused = setup({ protocols: ['v1'] }, options);
    await refused.server.advance(0);
    expect(refused.log).toEqual(['close 1006']);
    await expect(refused.server.connected()).rejects.toThrow(
      /speaks none of the subprotocols that were offered \(v1\)/,
    );

    const silent = setup({}, options);
    expect((await silent.server.connected()).protocol).toBe('');
  });

  test.each<ConnectionOptions>([
    { url: 'wss://server.test/#fragment' },
    { url: 'ftp://server.test' },
    { protocols: ['a', 'a'] },
    { protocols: 'no token' },
  ])('what a browser refuses is refused: %o', async (options) => {
    const { server, connection } = setup(options);
    await server.advance(0);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: { kind: 'error', name: 'SyntaxError' },
    });
  });

  test('a url function gets a fresh token for each link', async () => {
    let token = 'old';
    const server = createTestServer();
    const url = vi.fn(async () => `${server.url}?token=${token}`);
    createConnection({ ...server.options, url }).open();
    expect((await server.connected()).url).toContain('token=old');
    token = 'new';
    await server.advance(5_000);
    server.close(4401);
    expect((await server.connected()).url).toContain('token=new');
    expect(url).toHaveBeenCalledTimes(2);
  });
});

describe('messages', () => {
  test('are decoded and typed by the codec', async () => {
    const codec = json<Message, Message>();
    const server = createTestServer({ codec });
    const got: Message[] = [];
    const connection = createConnection({ ...server.options, codec });
    connection.on('message', (message) => got.push(message));
    connection.open();
    connection.send({ text: 'early' });
    const client = await server.connected();
    connection.send({ text: 'late' });
    expect(server.received).toEqual([{ text: 'early' }, { text: 'late' }]);
    expect([await server.next(), await server.next()]).toEqual(server.received);
    expect(await client.next()).toEqual({ text: 'early' });
    server.send({ text: 'to all' });
    client.send({ text: 'to one' });
    expect(got).toEqual([{ text: 'to all' }, { text: 'to one' }]);
  });

  test('a schema checks what the app gets, and not what it sends', async () => {
    const codec = json({
      schema: z.object({ at: z.coerce.date() }),
      out: z.object({ subscribe: z.string() }),
    });
    const server = createTestServer({ codec });
    const got: unknown[] = [];
    const connection = createConnection({ ...server.options, codec });
    connection.on('message', (message) => got.push(message));
    connection.on('error', (error) => got.push(error.name));
    connection.open();
    const client = await server.connected();
    connection.send({ subscribe: 'news' });
    expect(server.received).toEqual([{ subscribe: 'news' }]);
    server.send({ at: new Date(0) });
    client.sendFrame('{"at":"never"}');
    expect(got).toEqual([{ at: new Date(0) }, 'DecodeError']);
  });

  test('a codec that differs in both directions has its counterpart', async () => {
    const codec = {
      encode: (message: number) => `up ${message}`,
      decode: (frame: Frame) => Number((frame as string).replace('down ', '')),
    };
    const server = createTestServer({
      codec,
      serverCodec: {
        encode: (message) => `down ${message}`,
        decode: (frame) => Number((frame as string).replace('up ', '')),
      },
    });
    const connection = createConnection({ ...server.options, codec });
    connection.open();
    await server.connected();
    connection.send(5);
    server.send(7);
    expect([server.received, connection.lastMessage]).toEqual([[5], 7]);
  });

  test.each(['arraybuffer', 'blob'] as const)('bytes arrive as %s', async (binaryType) => {
    const { server, connection } = setup({ binaryType });
    await server.connected();
    const bytes = new Uint8Array([1, 2, 3, 4]);
    connection.send(bytes.subarray(1, 3));
    bytes.fill(0);
    expect([...new Uint8Array(server.received[0] as ArrayBuffer)]).toEqual([2, 3]);
    server.send(new Uint8Array([9]).buffer);
    const got = connection.lastMessage as Blob | ArrayBuffer;
    const buffer = got instanceof Blob ? await got.arrayBuffer() : got;
    expect([got instanceof Blob, ...new Uint8Array(buffer)]).toEqual([binaryType === 'blob', 9]);
  });

  test('next() waits for a message, and says so if none comes', async () => {
    const { server, connection } = setup();
    await server.connected();
    const timer = server.options.clock.setTimeout(() => connection.send('later'), 5_000);
    expect([await server.next(), timer !== undefined]).toEqual(['later', true]);
    await expect(server.next()).rejects.toThrow(/no further message came.*after 1 in all/);
  });

  test('onConnect and onMessage make a server that answers by itself, never within send()', async () => {
    const order: string[] = [];
    const { server, connection } = setup(
      {},
      {
        onConnect: (client) => client.send('welcome'),
        onMessage(message, client) {
          client.send(`echo ${message as string}`);
          order.push(connection.lastMessage as string);
        },
      },
    );
    await server.connected();
    expect(connection.lastMessage).toBe('welcome');
    connection.send('one');
    order.push('sent');
    await server.advance(0);
    expect(order).toEqual(['sent', 'welcome']);
    expect(connection.lastMessage).toBe('echo one');
  });

  test('send() without a client says so', () => {
    const server = createTestServer();
    expect(() => server.send('nobody')).toThrow(/No client is connected.*await server\.connected/);
  });

  test('a client that is gone cannot be sent to', async () => {
    const { server } = setup();
    const client = await server.connected();
    client.close(1012);
    expect(() => client.send('late')).toThrow(/client-1 is not connected any more/);
  });
});

test('a lifeline frame that is malformed or unknown means nothing', async () => {
  const { server, connection, log } = setup();
  await server.connected();
  for (const frame of ['{"lifeline":', '{"lifeline":"new"}', '{"lifeline":"leave"}'])
    connection.send(frame);
  await server.advance(0);
  expect([server.received, log]).toEqual([[], ['open']]);
});

describe('heartbeats', () => {
  test.each([
    ['plain', true, undefined],
    [
      'of its own',
      { ping: '{"type":"ping"}', pong: '{"type":"pong"}' },
      (frame: Frame) => (frame === '{"type":"ping"}' ? '{"type":"pong"}' : undefined),
    ],
  ])('a heartbeat that is %s is answered, and no message', async (_, heartbeat, pong) => {
    const { server, connection, log } = setup({ heartbeat }, { pong });
    await server.advance(3_600_000);
    expect([server.received, log]).toEqual([[], ['open']]);
    expect(connection.getSnapshot().latency).toBe(0);
  });

  test('a half-open link is found dead by its heartbeat, and by nothing else', async () => {
    const { server, connection, log, status } = setup({ heartbeat: true });
    await server.connected();
    await server.advance(1_000);
    server.silence();
    server.send('lost');
    connection.send('lost, too');
    expect(server.clients).toEqual([]);
    await server.advance(34_000);
    expect(status()).toBe('open');
    const client = await server.connected();
    expect([client.id, log, server.received]).toEqual([
      'client-2',
      ['open', 'timeout', 'open again'],
      [],
    ]);
  });
});

describe('the network and the page', () => {
  test('slow() delays all, in order', async () => {
    const { server, connection, log } = setup({ heartbeat: true });
    await server.connected();
    server.slow(100);
    connection.reconnect();
    log.length = 0;
    await server.advance(199);
    expect(log).toEqual([]);
    await server.advance(1);
    expect(log).toEqual(['open again']);
    server.send('slow');
    server.slow(0);
    server.send('fast');
    connection.send('up');
    expect([log, server.received]).toEqual([['open again'], ['up']]);
    await server.advance(100);
    expect(log).toEqual(['open again', 'message slow', 'message fast']);
    server.slow(150);
    await server.advance(25_300);
    expect(connection.getSnapshot().latency).toBe(300);
  });

  test('offline() ends what was there, and online() lets a new link come at once', async () => {
    const { server, log, status } = setup({ heartbeat: true });
    await server.advance(1_000);
    server.offline();
    expect(status()).toBe('open');
    await server.advance(10_000);
    expect(status()).toBe('reconnecting');
    expect(new Set(log)).toEqual(new Set(['open', 'timeout', 'close 1006']));
    server.online();
    await server.advance(1_000);
    expect([log.at(-1), status()]).toEqual(['open again', 'open']);
  });

  test('sleep() lets only the wall clock go on, and the link is asked afterwards', async () => {
    const { server, status, connection, log } = setup({ heartbeat: true });
    await server.advance(1_000);
    const { clock } = connection;
    const [now, wall] = [clock.now(), clock.wall()];
    server.silence();
    server.sleep(3_600_000);
    expect([clock.now() - now, clock.wall() - wall]).toEqual([0, 3_600_000]);
    expect(status()).toBe('open');
    await server.advance(3_000);
    expect([log, status()]).toEqual([['open', 'timeout', 'open again'], 'open']);
  });

  test('hide() lets timers fire once a minute, and show() asks the link', async () => {
    const { server, status } = setup();
    await server.connected();
    server.hide();
    server.drop();
    await server.advance(30_000);
    expect(status()).toBe('reconnecting');
    server.show();
    await server.advance(1_000);
    expect(status()).toBe('open');
  });
});

test('two servers have worlds of their own', async () => {
  const a = setup();
  const b = setup();
  await a.server.connected();
  a.server.send('for a');
  await b.server.connected();
  expect([a.log, b.log]).toEqual([['open', 'message for a'], ['open']]);
});

test('attempts without a delay do not stop the time', async () => {
  const { server, status } = setup({ reconnect: { minDelay: 0, baseDelay: 0 } });
  server.refuse();
  await server.advance(100);
  expect(status()).toBe('reconnecting');
});

test('an app and a server that answer each other without end are told apart from a test that hangs', async () => {
  const { server, connection } = setup(
    {},
    { onMessage: (message, client) => client.send(message as string) },
  );
  connection.on('message', (message) => connection.send(message));
  const client = await server.connected();
  expect(() => client.send('ping-pong')).toThrow(/10000 things have happened.*server\.slow\(1\)/);
  await expect(server.advance(1)).rejects.toThrow(/without end/);
});

test.each(['advance', 'slow', 'sleep'] as const)('%s() takes only a time', async (name) => {
  const server = createTestServer();
  for (const wrong of [-1, Number.NaN, '5'])
    await expect(async () => server[name](wrong as number)).rejects.toThrow(
      `${name}() takes milliseconds, 0 or more, not ${wrong}.`,
    );
});
