import { createElement, type ReactElement } from 'react';
import { describe, expectTypeOf, test } from 'vitest';
import {
  type Cause,
  type Codec,
  type Connection,
  createConnection,
  type DropReason,
  type EventHandler,
  type Frame,
  type OpenInfo,
  type ReadyState,
  type SendResult,
  type Status,
  useMessage,
  useWebSocket,
  useWebSocketEvent,
  type UseWebSocketResult,
  WebSocketProvider,
  type WebSocketProviderProps,
  type TopicConnection,
} from '../../src/index.ts';

interface News {
  readonly headline: string;
}
interface Order {
  readonly buy: number;
}

declare const codec: Codec<News, Order>;
declare const typed: Connection<News, Order>;
declare const onMessage: EventHandler<'message'>;
declare const plain: Connection;
const url = 'wss://example.test/';

describe('useWebSocket', () => {
  test('takes nothing, a url of any kind with options, or a connection', () => {
    expectTypeOf(useWebSocket()).toEqualTypeOf<UseWebSocketResult>();
    expectTypeOf(useWebSocket(url)).toEqualTypeOf<UseWebSocketResult>();
    expectTypeOf(useWebSocket(plain)).toEqualTypeOf<UseWebSocketResult>();
    expectTypeOf(useWebSocket(typed)).toEqualTypeOf<UseWebSocketResult<News, Order>>();
    useWebSocket(null);
    useWebSocket(undefined);
    useWebSocket(new URL(url));
    useWebSocket(() => url);
    useWebSocket(async ({ attempt, cause, signal }) => {
      expectTypeOf(attempt).toEqualTypeOf<number>();
      expectTypeOf(cause).toEqualTypeOf<Cause | null>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return null;
    });
    useWebSocket(url, {
      enabled: false,
      scope: 'ada',
      heartbeat: { interval: 1_000, ping: () => new Uint8Array(1), pong: (frame) => frame === 'x' },
      reconnect: { maxAttempts: Infinity, shouldReconnect: (cause) => cause.kind === 'close' },
      outbox: { overflow: 'drop-newest' },
      protocols: ['a', 'b'],
    });
    useWebSocket(url, { heartbeat: true, reconnect: false, outbox: false, protocols: () => 'a' });
  });

  test('refuses anything else', () => {
    // @ts-expect-error a number is no url
    useWebSocket(1);
    // @ts-expect-error a connection has its options already
    useWebSocket(plain, { heartbeat: true });
    // @ts-expect-error the url comes first
    useWebSocket({ url });
    // @ts-expect-error and comes once
    useWebSocket(url, { url });
    // @ts-expect-error a function gives a url
    useWebSocket(() => 1);
    expectTypeOf(useWebSocket).parameter(0).not.toBeAny();
  });

  test('returns fields with exact types', () => {
    const socket = useWebSocket();
    expectTypeOf(socket.status).toEqualTypeOf<Status>();
    expectTypeOf(socket.status).toEqualTypeOf<
      'idle' | 'connecting' | 'open' | 'reconnecting' | 'closing' | 'closed'
    >();
    expectTypeOf(socket.readyState).toEqualTypeOf<ReadyState>();
    expectTypeOf(socket.readyState).toEqualTypeOf<0 | 1 | 2 | 3>();
    expectTypeOf(socket.attempt).toEqualTypeOf<number>();
    expectTypeOf(socket.retryAt).toEqualTypeOf<number | null>();
    expectTypeOf(socket.cause).toEqualTypeOf<Cause | null>();
    expectTypeOf(socket.latency).toEqualTypeOf<number | null>();
    expectTypeOf(socket.lastMessage).toEqualTypeOf<Frame | null>();
    expectTypeOf(socket.connection).toEqualTypeOf<Connection>();
    expectTypeOf(socket.send('text', { queue: false })).toEqualTypeOf<SendResult>();
    expectTypeOf(socket.send(new ArrayBuffer(1))).toEqualTypeOf<'sent' | 'queued' | 'dropped'>();
    socket.close(4_000, 'bye');
    // @ts-expect-error the raw codec takes frames
    socket.send({ buy: 1 });
    // @ts-expect-error the state is read only
    socket.status = 'open';
  });

  test('takes its types from the codec', () => {
    const { lastMessage, send, connection } = useWebSocket(url, { codec });
    expectTypeOf(lastMessage).toEqualTypeOf<News | null>();
    expectTypeOf(send).parameter(0).toEqualTypeOf<Order>();
    expectTypeOf(connection).toEqualTypeOf<Connection<News, Order>>();
    send({ buy: 1 });
    // @ts-expect-error not an order
    send('buy');
    // @ts-expect-error not an order either
    send({ buy: '1' });
  });

  test('takes its types from a codec written inline', () => {
    const { lastMessage, send } = useWebSocket(url, {
      codec: {
        encode: (order: Order) => JSON.stringify(order),
        decode: (frame): News => JSON.parse(frame as string) as News,
      },
      onMessage(message) {
        expectTypeOf(message).toEqualTypeOf<News>();
      },
      onDrop(messages) {
        expectTypeOf(messages).toEqualTypeOf<Order[]>();
      },
    });
    expectTypeOf(lastMessage).toEqualTypeOf<News | null>();
    // @ts-expect-error not an order
    send('buy');
  });
});

describe('events', () => {
  test('have arguments with exact types as options', () => {
    useWebSocket(url, {
      codec,
      onOpen(info) {
        expectTypeOf(info).toEqualTypeOf<OpenInfo>();
        expectTypeOf(info).toEqualTypeOf<{
          readonly reconnected: boolean;
          readonly downtime: number;
        }>();
      },
      onMessage: (message) => expectTypeOf(message).toEqualTypeOf<News>(),
      onClose(cause, final) {
        expectTypeOf(cause).toEqualTypeOf<Cause>();
        expectTypeOf(final).toEqualTypeOf<boolean>();
      },
      onError: (error) => expectTypeOf(error).toEqualTypeOf<Error>(),
      onFlush: (messages) => expectTypeOf(messages).toEqualTypeOf<Order[]>(),
      onDrop(messages, reason) {
        expectTypeOf(messages).toEqualTypeOf<Order[]>();
        expectTypeOf(reason).toEqualTypeOf<DropReason>();
        expectTypeOf(reason).toEqualTypeOf<'overflow' | 'scope' | 'closed' | 'refused'>();
      },
    });
  });

  test('have the same arguments in useMessage and useWebSocketEvent', () => {
    useMessage((message) => expectTypeOf(message).toEqualTypeOf<Frame>());
    useMessage((message) => expectTypeOf(message).toEqualTypeOf<News>(), { connection: typed });
    useWebSocketEvent('open', (info) => expectTypeOf(info).toEqualTypeOf<OpenInfo>());
    useWebSocketEvent('close', (cause, final) => {
      expectTypeOf(cause).toEqualTypeOf<Cause>();
      expectTypeOf(final).toEqualTypeOf<boolean>();
    });
    useWebSocketEvent('drop', (messages) => expectTypeOf(messages).toEqualTypeOf<Order[]>(), {
      connection: typed,
    });
    // @ts-expect-error there is no such event
    useWebSocketEvent('opened', () => {});
    // @ts-expect-error an open event has no second argument
    useWebSocketEvent('open', (_info, _final: boolean) => {});
    // @ts-expect-error the plain hooks listen to raw frames
    useMessage((_message: News) => {});
  });

  test('have the same arguments in connection.on', () => {
    const off = typed.on('message', (message) => expectTypeOf(message).toEqualTypeOf<News>());
    expectTypeOf(off).toEqualTypeOf<() => void>();
    typed.on('flush', (messages) => expectTypeOf(messages).toEqualTypeOf<Order[]>());
    // @ts-expect-error there is no such event
    typed.on('topic', () => {});
  });
});

describe('a provider', () => {
  test('takes a url with options or a connection, not both', () => {
    createElement(WebSocketProvider, { url, heartbeat: true }, 'child');
    createElement(WebSocketProvider, { url: null });
    createElement(WebSocketProvider, { connection: plain });
    createElement(WebSocketProvider, {});
    // @ts-expect-error a connection has its url already
    createElement(WebSocketProvider, { connection: plain, url });
    // @ts-expect-error there is no such option
    createElement(WebSocketProvider, { url, retries: 3 });
    expectTypeOf(WebSocketProvider).parameter(0).toEqualTypeOf<WebSocketProviderProps>();
  });

  test('of the plain exports carries raw frames', () => {
    // @ts-expect-error its readers could not know the types
    createElement(WebSocketProvider, { connection: typed });
    // @ts-expect-error likewise
    createElement(WebSocketProvider, { url, codec });
    expectTypeOf(createElement(WebSocketProvider, { url, onMessage })).toExtend<ReactElement>();
  });
});

test('a connection made with a codec gives its types to the hooks', () => {
  const connection = createConnection({ url, codec });
  expectTypeOf(connection).toEqualTypeOf<TopicConnection<News, Order>>();
  expectTypeOf(useWebSocket(connection).lastMessage).toEqualTypeOf<News | null>();
});
