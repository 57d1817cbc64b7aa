import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { createConnection, json as clientJson } from '../../../src/core.ts';
import { type Codec, type InvalidMessage, json, type ServerOptions } from '../../../src/server.ts';
import { BroadcastHub } from '../../support/server/broadcast-hub.ts';
import { byPath, test } from '../fixtures.ts';

const FromClient = z.object({ say: z.string().transform((text) => text.toUpperCase()) });
const FromServer = z.object({ from: z.string(), said: z.string() });
const codec = json({ schema: FromClient, out: FromServer });

describe('with a codec', () => {
  test('messages are checked and transformed by the schema, and those to clients are encoded', async ({
    start,
  }) => {
    const { server, visit } = await start({ authenticate: byPath, codec });
    server.on('message', (client, { say }) => client.send({ from: client.id, said: say }));
    const ada = await visit('/ada');
    ada.send('{"say":"hello"}');
    await ada.receives({ from: 'ada', said: 'HELLO' });
  });

  test('a client with the same schemas, the roles swapped, understands the server', async ({
    start,
  }) => {
    const { server, url } = await start({ codec });
    server.on('message', (_, { say }) => server.broadcast({ from: 'somebody', said: say }));
    const received: z.output<typeof FromServer>[] = [];
    const connection = createConnection({
      url,
      WebSocket,
      codec: clientJson({ schema: FromServer, out: FromClient }),
      onMessage: (message) => received.push(message),
    });
    const release = connection.retain();
    connection.send({ say: 'hi' });
    await vi.waitFor(() => expect(received).toEqual([{ from: 'somebody', said: 'HI' }]));
    release();
    connection.close();
  });

  test('heartbeats and lifeline frames do not pass through it', async ({ start }) => {
    const decode = vi.fn<(frame: unknown) => never>();
    const encode = vi.fn<() => string>();
    const { visit } = await start({ authenticate: byPath, codec: { encode, decode } });
    const ada = await visit('/ada');
    ada.send('ping');
    await ada.receives('pong');
    ada.send({ lifeline: 'watch' });
    await ada.receives({ lifeline: 'presence', id: 'ada', online: ['ada'] });
    await ada.roundTrip();
    expect(decode).not.toHaveBeenCalled();
    expect(encode).not.toHaveBeenCalled();
  });

  test('a broadcast is encoded once, also for other servers, which do not encode it again', async ({
    start,
  }) => {
    const hub = new BroadcastHub();
    const encode = vi.fn<(message: unknown) => string>((message) => JSON.stringify(message));
    const counted = { ...codec, encode };
    const one = await start({ codec: counted, broadcasts: hub.channel() });
    const two = await start({ codec: counted, broadcasts: hub.channel() });
    const visitors = [await one.visit(), await one.visit(), await two.visit()];
    one.server.broadcast({ from: 'server', said: 'hello' });
    for (const visitor of visitors) await visitor.receives({ from: 'server', said: 'hello' });
    expect(encode).toHaveBeenCalledOnce();
  });

  test('what encode throws reaches the caller of send() and broadcast()', async ({ start }) => {
    const { server, visit } = await start({ codec: json() });
    const ada = await visit();
    const [client] = server.clients;
    expect(() => client?.send(() => {})).toThrow(/json\(\) cannot send function/);
    expect(() => server.broadcast(undefined)).toThrow(TypeError);
    await ada.roundTrip();
    expect(ada.received).toHaveLength(1);
    expect(server.stats()).toMatchObject({ messagesSent: 0, broadcasts: 0 });
  });

  test('a message that looks like a frame of the server is the same JSON, but is not taken for one', async ({
    start,
  }) => {
    const { server, visit } = await start({ codec: json() });
    const ada = await visit();
    const [client] = server.clients;
    const message = { lifeline: 'presence', id: 'ada', online: ['mallory'] };
    client?.send(message);
    server.broadcast(message);
    await ada.roundTrip();
    const text = ` ${JSON.stringify(message)}`;
    expect(ada.received.slice(0, 2)).toEqual([text, text]);
  });

  test('binary data is an ArrayBuffer of its own, and a view is sent as its bytes', async ({
    start,
  }) => {
    const samples: Codec<Float32Array, Float32Array> = {
      encode: (message) => message,
      decode: (frame) => new Float32Array(frame as ArrayBuffer),
    };
    const { server, visit } = await start({ codec: samples });
    server.on('message', (client, message) => {
      expect(message.buffer.byteLength).toBe(8);
      client.send(message.subarray(1));
      server.broadcast(message.subarray(0, 1));
    });
    const ada = await visit();
    ada.send(new Uint8Array(Float32Array.of(1.5, -2).buffer));
    await ada.receives(Buffer.from(Float32Array.of(1.5).buffer));
    expect(ada.received[0]).toEqual(Buffer.from(Float32Array.of(-2).buffer));
  });
});

test('without a codec, only text and binary data can be sent', async ({ start }) => {
  const { server, visit } = await start({});
  const ada = await visit();
  const [client] = server.clients;
  for (const message of [5, true, null, undefined, {}, new Blob(['x'])]) {
    expect(() => client?.send(message as never)).toThrow(/use a codec such as json\(\)/);
    expect(() => server.broadcast(message as never)).toThrow(TypeError);
  }
  client?.send(Uint8Array.of(1).buffer as never);
  await ada.receives(Buffer.from([1]));
  expect(ada.received).toHaveLength(1);
});

describe.each([
  ['zod', json({ schema: z.object({ say: z.string() }) })],
  ['valibot', json({ schema: v.object({ say: v.string() }) })],
  ['arktype', json({ schema: type({ say: 'string' }) })],
] as const)('a message that does not fit the schema of %s', (_, schema) => {
  test('is an invalid event that says where, and no message; the client stays', async ({
    start,
  }) => {
    const { server, visit } = await start<string, unknown, unknown>({ codec: schema });
    const messages: unknown[] = [];
    const invalid: InvalidMessage[] = [];
    server.on('message', (_client, message) => messages.push(message));
    server.on('invalid', (_client, given) => invalid.push(given));
    const ada = await visit();
    for (const frame of ['{"say":7}', 'secret', '"é"', Buffer.from('{"say":"x"}'), '{"say":"ok"}'])
      ada.send(frame);
    await ada.roundTrip();
    expect(messages).toEqual([{ say: 'ok' }]);
    expect(invalid.map(({ reason, bytes }) => [reason, bytes])).toEqual([
      ['It does not fit the schema: say.', 9],
      ['The codec cannot decode it (SyntaxError).', 6],
      ['It does not fit the schema: the message.', 4],
      ['The codec cannot decode it (TypeError).', 11],
    ]);
    expect(invalid[0]?.error).toMatchObject({ name: 'DecodeError', frame: '{"say":7}' });
    expect(invalid[0]?.error.issues).toHaveLength(1);
    expect(invalid[1]?.error).toMatchObject({ frame: 'secret', issues: [] });
    expect(invalid[1]?.error.cause).toBeInstanceOf(SyntaxError);
    expect(server.stats()).toMatchObject({ messagesReceived: 1, invalid: 4 });
  });
});

describe('a client that sends many invalid messages', () => {
  const closes: [what: string, options: ServerOptions<string, unknown, unknown>, sent: number][] = [
    ['after 10 at once', {}, 11],
    ['after those that invalidRate allows', { invalidRate: { perSecond: 0.1, burst: 2 } }, 3],
  ];
  test.for(closes)('is closed with 1008 %s', async ([, options, sent], { start }) => {
    const { server, visit } = await start({ codec, ...(options as object) });
    const invalid = vi.fn<() => void>();
    const messages = vi.fn<() => void>();
    const gone = vi.fn<(code: number, reason: string) => void>();
    server.on('invalid', invalid);
    server.on('message', messages);
    server.on('disconnection', (_, code, reason) => gone(code, reason));
    const [ada, grace] = [await visit(), await visit()];
    ada.send('{"say":"one that fits"}');
    for (let n = 0; n < sent + 5; n++) ada.send('{');
    ada.send('{"say":"too late"}');
    expect(await ada.closed).toEqual([1008, 'Too many invalid messages.']);
    expect(invalid).toHaveBeenCalledTimes(sent);
    expect(messages).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(gone).toHaveBeenCalledWith(1008, 'Too many invalid messages.'));
    await grace.roundTrip();
  });

  test('does not get new ones by another connection', async ({ start }) => {
    const { visit } = await start({ codec, authenticate: byPath });
    const [one, two, other] = [await visit('/ada'), await visit('/ada'), await visit('/grace')];
    for (let n = 0; n < 10; n++) one.send('{');
    await one.roundTrip();
    for (const visitor of [other, two]) visitor.send('{');
    expect(await two.closed).toEqual([1008, 'Too many invalid messages.']);
    await one.roundTrip();
    await other.roundTrip();
  });

  test('stays with invalidRate: false, and is then bound by rate', async ({ start }) => {
    const { server, visit } = await start({
      codec,
      invalidRate: false,
      rate: { perSecond: 1, burst: 50 },
    });
    const ada = await visit();
    for (let n = 0; n < 51; n++) ada.send('{');
    expect(await ada.closed).toEqual([1008, 'Too many messages.']);
    expect(server.stats().invalid).toBe(50);
  });

  test('stays with one a second, however long', async ({ start }) => {
    const { server, visit } = await start({ codec, rate: false });
    const ada = await visit();
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now');
    for (let second = 0; second < 30; second++) {
      clock.mockReturnValue(now + second * 1_000);
      ada.send('{');
      await vi.waitFor(() => expect(server.stats().invalid).toBe(second + 1));
    }
    clock.mockRestore();
    await ada.roundTrip();
  });
});
