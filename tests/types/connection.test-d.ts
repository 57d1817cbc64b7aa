import { WebSocket as MockSocket } from 'mock-socket';
import { describe, expectTypeOf, test } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import {
  type Cause,
  type Codec,
  type ConnectionOptions,
  createConnection,
  type Frame,
  type HandshakeContext,
  type OutFrame,
  raw,
  ReadyState,
  shouldReconnect,
  type Snapshot,
  type StreamCodec,
  type TopicConnection,
} from '../../src/core.ts';

const url = 'wss://example.test/';

describe('the WebSocket option', () => {
  test('takes the classes of the DOM, ws and mock-socket, and no class of another shape', () => {
    expectTypeOf(createConnection({ url, WebSocket })).toEqualTypeOf<TopicConnection>();
    createConnection({ url, WebSocket: globalThis.WebSocket });
    createConnection({ url, WebSocket: NodeSocket });
    createConnection({ url, WebSocket: MockSocket });
    createConnection({ url, WebSocket: class extends WebSocket {} });
    createConnection({ url, WebSocket: undefined });
    // @ts-expect-error no socket
    createConnection({ url, WebSocket: EventTarget });
    // @ts-expect-error an instance is no class
    createConnection({ url, WebSocket: new WebSocket(url) });
  });
});

describe('createConnection', () => {
  test('carries raw frames by default', () => {
    const connection = createConnection({ url });
    expectTypeOf(connection).toEqualTypeOf<TopicConnection>();
    expectTypeOf(connection.send).parameter(0).toEqualTypeOf<OutFrame>();
    expectTypeOf(connection.lastMessage).toEqualTypeOf<string | ArrayBuffer | Blob | null>();
    expectTypeOf(raw).toEqualTypeOf<Codec<Frame, OutFrame>>();
    connection.send(new Uint8Array(2));
    connection.send(new SharedArrayBuffer(2));
    connection.send(new Blob([]));
    // @ts-expect-error not a frame
    connection.send(1);
    // @ts-expect-error not a frame either
    connection.send(null);
  });

  test('has the message types of its codec', () => {
    const connection = createConnection({
      url,
      codec: { encode: (message: Date) => message.toISOString(), decode: Number },
    });
    expectTypeOf(connection).toEqualTypeOf<TopicConnection<number, Date>>();
    // @ts-expect-error not a date
    connection.send('2020-01-01');
  });

  test('refuses a codec that does not make frames', () => {
    createConnection({
      url,
      // @ts-expect-error a number is no frame
      codec: { encode: (message: number) => message, decode: (frame: Frame) => frame },
    });
    // @ts-expect-error half a codec
    createConnection({ url, codec: { encode: (message: string) => message } });
    expectTypeOf<Codec<string, number>>().not.toExtend<Codec<number, number>>();
  });

  test('has the message types of a codec for several messages, and of one that is made for each link', () => {
    const lines: StreamCodec<string, Date> = {
      encode: (message) => message.toISOString(),
      *decodeAll(frame) {
        if (typeof frame === 'string') yield* frame.split('\n');
      },
    };
    expectTypeOf(createConnection({ url, codec: lines })).toEqualTypeOf<
      TopicConnection<string, Date>
    >();
    expectTypeOf(createConnection({ url, codec: () => lines })).toEqualTypeOf<
      TopicConnection<string, Date>
    >();
    expectTypeOf(createConnection({ url, codec: () => raw })).toEqualTypeOf<TopicConnection>();
    // @ts-expect-error a promise is no codec
    createConnection({ url, codec: async () => lines });
    // @ts-expect-error nothing waits for a promise
    createConnection({ url, codec: { encode: String, decodeAll: async () => ['x'] } });
  });

  test('gives the handshake the message types of the codec', () => {
    createConnection({
      url,
      codec: { encode: (message: Date) => message.toISOString(), decode: Number },
      async handshake({ send, receive, signal, attempt, cause }) {
        expectTypeOf(send).parameter(0).toEqualTypeOf<Date>();
        expectTypeOf(await receive()).toEqualTypeOf<number>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(attempt).toEqualTypeOf<number>();
        expectTypeOf(cause).toEqualTypeOf<Cause | null>();
      },
      onOpen({ reconnected }, { send, close }) {
        expectTypeOf(reconnected).toEqualTypeOf<boolean>();
        expectTypeOf(send).parameter(0).toEqualTypeOf<Date>();
        close(4_000, 'bye');
      },
    });
    expectTypeOf<HandshakeContext<Frame, OutFrame>>()
      .toHaveProperty('send')
      .parameter(0)
      .toEqualTypeOf<OutFrame>();
    createConnection({ url, handshake: ({ send }) => send('login') });
    createConnection({ url, onOpen: () => {} });
    // @ts-expect-error a function, not what it returns
    createConnection({ url, handshake: Promise.resolve() });
    // @ts-expect-error not a frame
    createConnection({ url, handshake: ({ send }) => send(1) });
  });

  test('takes answers to pings, a heartbeat that judges nobody, and topics that end', () => {
    const connection = createConnection({
      url,
      heartbeat: { timeout: Infinity, reply: (frame) => (frame === '2' ? '3' : null) },
      topics: { of: () => null, ended: (message) => (message === 'end' ? 'gold' : null) },
    });
    expectTypeOf(connection).toEqualTypeOf<TopicConnection>();
    // @ts-expect-error a number is no frame
    createConnection({ url, heartbeat: { reply: () => 3 } });
  });

  test('refuses options of a wrong type and unknown options', () => {
    // @ts-expect-error milliseconds
    createConnection({ url, connectTimeout: '10s' });
    // @ts-expect-error true, false, or the options
    createConnection({ url, heartbeat: 25_000 });
    // @ts-expect-error milliseconds
    createConnection({ url, heartbeat: { interval: '25s' } });
    // @ts-expect-error a frame, a function, or null
    createConnection({ url, heartbeat: { ping: 1 } });
    // @ts-expect-error not one of the two
    createConnection({ url, outbox: { overflow: 'drop' } });
    // @ts-expect-error not one of the two
    createConnection({ url, binaryType: 'text' });
    // @ts-expect-error a policy answers
    createConnection({ url, reconnect: { shouldReconnect: () => 'yes' } });
    // @ts-expect-error no such option
    createConnection({ url, heartBeat: true });
    // @ts-expect-error only what a component holds can be disabled
    createConnection({ url, enabled: true });
    // @ts-expect-error only that of a component waits
    createConnection({ url, manual: true });
    // @ts-expect-error a number is no url
    createConnection({ url: 80 });
    // @ts-expect-error a handler is a function
    createConnection({ url, onOpen: true });
    expectTypeOf(createConnection).parameter(0).not.toBeAny();
  });

  test('takes undefined for every option', () => {
    const none: { [Name in keyof ConnectionOptions]-?: undefined } = {} as never;
    expectTypeOf(createConnection(none)).toEqualTypeOf<TopicConnection>();
    expectTypeOf(createConnection()).toEqualTypeOf<TopicConnection>();
  });
});

describe('Cause', () => {
  test('is narrowed by its kind', () => {
    const cause = {} as Cause;
    expectTypeOf(cause.kind).toEqualTypeOf<'close' | 'timeout' | 'error' | 'requested'>();
    if (cause.kind === 'close') {
      expectTypeOf(cause.code).toEqualTypeOf<number>();
      expectTypeOf(cause.reason).toEqualTypeOf<string>();
      expectTypeOf(cause.wasClean).toEqualTypeOf<boolean>();
    } else if (cause.kind === 'timeout')
      expectTypeOf(cause.phase).toEqualTypeOf<'connect' | 'heartbeat'>();
    else if (cause.kind === 'error') {
      expectTypeOf(cause.name).toEqualTypeOf<string>();
      expectTypeOf(cause.message).toEqualTypeOf<string>();
    } else expectTypeOf(cause).toEqualTypeOf<{ readonly kind: 'requested' }>();
    // @ts-expect-error only a close has a code
    expectTypeOf(cause.code).toBeNumber();
  });
});

test('a snapshot has the state fields, read-only, and not the last message', () => {
  expectTypeOf<keyof Snapshot>().toEqualTypeOf<
    'status' | 'readyState' | 'attempt' | 'retryAt' | 'cause' | 'latency'
  >();
  expectTypeOf({} as Snapshot).toEqualTypeOf<Readonly<Snapshot>>();
  expectTypeOf(createConnection().getSnapshot()).toEqualTypeOf<Snapshot>();
});

test('ReadyState and shouldReconnect have the types that their uses need', () => {
  expectTypeOf(ReadyState.OPEN).toEqualTypeOf<1>();
  expectTypeOf<ReadyState>().toEqualTypeOf<0 | 1 | 2 | 3>();
  createConnection({
    url,
    reconnect: {
      shouldReconnect: (cause, attempt) =>
        cause.kind === 'close' && cause.code === 4_000 ? 60_000 : shouldReconnect(cause, attempt),
    },
  });
});
