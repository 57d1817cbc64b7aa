import { createElement, type ReactElement } from 'react';
import { describe, expectTypeOf, test } from 'vitest';
import {
  type Cause,
  type Codec,
  type Connection,
  type ConnectionOptions,
  createConnection,
  createWebSocketHooks,
  type DropReason,
  type EventHandler,
  type Frame,
  type HeldConnectionOptions,
  type ListenOptions,
  type OpenInfo,
  type OutFrame,
  type ReadyState,
  type SendResult,
  type Snapshot,
  type Status,
  useMessage,
  useMessages,
  useTopic,
  useWebSocket,
  useWebSocketEvent,
  type UseWebSocketResult,
  WebSocketProvider,
  type WebSocketProviderProps,
  type TopicConnection,
} from '../../src/index.ts';
import { usePresence, usePresenceData } from '../../src/presence.ts';

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
declare const maybe: Connection<News, Order> | undefined;
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
      manual: true,
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
        expectTypeOf(reason).toEqualTypeOf<
          'overflow' | 'scope' | 'closed' | 'refused' | 'aborted' | 'expired'
        >();
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

describe('types of messages that nothing vouches for (fault 76)', () => {
  test('are refused by useWebSocket, createConnection and createWebSocketHooks', () => {
    // @ts-expect-error without a codec, messages are frames
    useWebSocket<News>(url);
    // @ts-expect-error with both types, too
    useWebSocket<News, Order>(url);
    // @ts-expect-error with other options, too
    useWebSocket<News>(url, { heartbeat: true });
    // @ts-expect-error a frame may be binary
    useWebSocket<string>(url, {});
    // @ts-expect-error undefined is no codec
    useWebSocket<News>(url, { codec: undefined });
    // @ts-expect-error nor are no options
    useWebSocket<News>(url, undefined);
    // @ts-expect-error without a codec, messages are frames
    createConnection<News, Order>({ url });
    // @ts-expect-error with one type, too
    createConnection<News>({ url });
    // @ts-expect-error without options, too
    createConnection<News>();
    // @ts-expect-error an order is no frame
    createConnection<Frame, Order>({ url });
    // @ts-expect-error without a codec, messages are frames
    createWebSocketHooks<News, Order>();
    // @ts-expect-error with other options, too
    createWebSocketHooks<News, Order>({ heartbeat: true });
    // @ts-expect-error the type of a handler proves nothing
    useWebSocket(url, { onMessage: (message: News) => void message });
    const options: ConnectionOptions<News, Order> = { url };
    // @ts-expect-error options that may lack the codec
    createConnection(options);
    expectTypeOf(createConnection({ url })).toEqualTypeOf<TopicConnection>();
  });

  test('are refused by the plain hooks that listen', () => {
    // @ts-expect-error the nearest provider carries frames
    useMessage<News>(() => {});
    // @ts-expect-error with empty options, too
    useMessage<News>(() => {}, {});
    // @ts-expect-error the nearest provider carries frames
    useWebSocketEvent<'message', News, Order>('message', () => {});
    // @ts-expect-error the nearest provider carries frames
    useTopic<News>('gold');
    // @ts-expect-error with empty options, too
    useTopic<News>('gold', {});
    // @ts-expect-error with a handler, too
    useTopic<News>('gold', () => {});
    // @ts-expect-error with a handler and empty options, too
    useTopic<News>('gold', () => {}, {});
    // @ts-expect-error the nearest provider carries frames
    useMessages<News>();
    // @ts-expect-error with options, too
    useMessages<News>({ limit: 5 });
    // @ts-expect-error a filter takes what the connection carries
    useMessages({ filter: (message: News): message is News => message.headline !== '' });
    // @ts-expect-error only a type predicate narrows
    useMessages<string>({ limit: 5 });
    // @ts-expect-error a connection that may be missing
    useMessages({ connection: maybe });
    // @ts-expect-error only a type predicate narrows, of typed hooks, too
    createWebSocketHooks({ codec }).useMessages<News & { id: string }>();
    expectTypeOf(useTopic('gold')).toEqualTypeOf<Frame | null>();
  });

  test('are not needed: they are inferred from a codec or a connection', () => {
    expectTypeOf(useMessages()).toEqualTypeOf<readonly Frame[]>();
    expectTypeOf(useMessages({ limit: 5, maxRate: 4 })).toEqualTypeOf<readonly Frame[]>();
    expectTypeOf(useTopic('gold', { maxRate: 4 })).toEqualTypeOf<Frame | null>();
    // @ts-expect-error every message reaches a handler
    useTopic('gold', () => {}, { maxRate: 4 });
    // @ts-expect-error a number
    useMessages({ maxRate: '4' });
    expectTypeOf(useMessages({ connection: typed })).toEqualTypeOf<readonly News[]>();
    expectTypeOf(useMessages({ connection: plain })).toEqualTypeOf<readonly Frame[]>();
    const isText = (frame: Frame): frame is string => typeof frame === 'string';
    expectTypeOf(useMessages({ filter: isText })).toEqualTypeOf<readonly string[]>();
    const isLong = (news: News): news is News & { long: true } => news.headline.length > 9;
    expectTypeOf(useMessages({ connection: typed, filter: isLong })).toEqualTypeOf<
      readonly (News & { long: true })[]
    >();
    expectTypeOf(useTopic('gold', { connection: typed })).toEqualTypeOf<News | null>();
    useTopic('gold', (news) => expectTypeOf(news).toEqualTypeOf<News>(), { connection: typed });
    const texts = {} as Connection<string>;
    useMessage((text) => expectTypeOf(text).toEqualTypeOf<string>(), { connection: texts });
    expectTypeOf(useTopic('gold', { connection: texts })).toEqualTypeOf<string | null>();
  });

  test('may be unknown, since every frame is that, and never sent', () => {
    expectTypeOf(createConnection<unknown, never>({ url })).toEqualTypeOf<
      TopicConnection<unknown, never>
    >();
  });

  test('are passed on by functions of the application', () => {
    const connect = <In, Out>(options: ConnectionOptions<In, Out> & { codec: Codec<In, Out> }) =>
      createConnection(options);
    expectTypeOf(connect({ url, codec })).toEqualTypeOf<TopicConnection<News, Order>>();
    const useLive = (options?: Omit<HeldConnectionOptions<Frame, OutFrame>, 'url'>) =>
      useWebSocket(url, options);
    expectTypeOf(useLive()).toEqualTypeOf<UseWebSocketResult>();
    const useNews = ({ connection }: ListenOptions) => useMessages({ connection });
    expectTypeOf(useNews).returns.toEqualTypeOf<readonly Frame[]>();
    const withOutFrames = useWebSocket(url, {
      codec: {
        encode: (frame: OutFrame) => frame,
        decode: (frame): News => JSON.parse(frame as string) as News,
      },
      onMessage: (message) => expectTypeOf(message).toEqualTypeOf<News>(),
    });
    expectTypeOf(withOutFrames.lastMessage).toEqualTypeOf<News | null>();
  });
});

test('a spread of the result has the functions and not the fields, which are getters (fault 76)', () => {
  // oxlint-disable-next-line no-misused-spread -- that is what is tested
  const spread = { ...useWebSocket(url, { codec }) };
  expectTypeOf<keyof typeof spread>().toEqualTypeOf<
    'connection' | 'send' | 'open' | 'close' | 'reconnect'
  >();
  const { send, ...rest } = useWebSocket();
  expectTypeOf(send('text')).toEqualTypeOf<SendResult>();
  expectTypeOf<keyof typeof rest>().toEqualTypeOf<'connection' | 'open' | 'close' | 'reconnect'>();
  // @ts-expect-error a spread has no status
  expectTypeOf(spread.status).toBeString();
  // A fake for tests needs no class.
  const fake: UseWebSocketResult = {
    ...createConnection().getSnapshot(),
    ...spread,
    connection: plain,
    send: () => 'sent',
    lastMessage: null,
  };
  expectTypeOf(fake.status).toEqualTypeOf<Status>();
  expectTypeOf<UseWebSocketResult>().toExtend<Snapshot>();
});

test('a connection made with a codec gives its types to the hooks', () => {
  const connection = createConnection({ url, codec });
  expectTypeOf(connection).toEqualTypeOf<TopicConnection<News, Order>>();
  expectTypeOf(useWebSocket(connection).lastMessage).toEqualTypeOf<News | null>();
});

test('presence may not be known, and has no type for the data of others', () => {
  expectTypeOf(usePresence()).toEqualTypeOf<readonly string[] | null>();
  expectTypeOf(usePresence({ topic: 'room' })).toEqualTypeOf<readonly string[] | null>();
  expectTypeOf(usePresence('ada')).toEqualTypeOf<boolean | null>();
  expectTypeOf(usePresence(null, { topic: null })).toEqualTypeOf<boolean | null>();
  expectTypeOf(usePresence({ topic: 'room', connection: typed })).toEqualTypeOf<
    readonly string[] | null
  >();
  expectTypeOf(usePresenceData('ada', { connection: typed })).toEqualTypeOf<unknown>();
  // @ts-expect-error -- a topic is a text
  usePresence({ topic: 7 });
  // @ts-expect-error -- an id comes first
  usePresenceData({ topic: 'room' });
});
