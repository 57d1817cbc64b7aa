import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  createConnection,
  createWebSocketHooks,
  json,
  requests,
  useOutbox,
  useRequest,
  useTopic,
  useWebSocket,
  type Codec,
  type Frame,
  type OutboxItem,
  type OutFrame,
  type Request,
} from '../../src/index.ts';
import { usePresence, usePresenceData } from '../../src/presence.ts';

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('price'), price: z.number() }),
  z.object({ type: z.literal('news'), title: z.string() }),
]);
type Message = z.infer<typeof schema>;
const out = z.object({ buy: z.string(), at: z.coerce.date().optional() });

describe('json()', () => {
  test('is of unknown messages unless types are given', () => {
    expectTypeOf(json()).toEqualTypeOf<Codec<unknown, unknown>>();
    expectTypeOf(json<Message, { buy: string }>()).toEqualTypeOf<Codec<Message, { buy: string }>>();
  });

  test('has the output type of its schema, and the input type of the schema in out', () => {
    const codec = json({ schema: z.string().transform(Number), out });
    expectTypeOf(codec).toEqualTypeOf<Codec<number, z.input<typeof out>>>();
  });
});

describe('createWebSocketHooks()', () => {
  const hooks = createWebSocketHooks({ codec: json({ schema, out }) });

  test('takes the types of messages from the codec', () => {
    const { lastMessage, send } = hooks.useWebSocket();
    expectTypeOf(lastMessage).toEqualTypeOf<Message | null>();
    expectTypeOf(send).parameter(0).toEqualTypeOf<z.input<typeof out>>();
    // @ts-expect-error a message that the server does not take
    send({ sell: 'gold' });
  });

  test("narrows a discriminated union in useMessage's handler", () => {
    hooks.useMessage((message) => {
      if (message.type === 'price') expectTypeOf(message.price).toBeNumber();
      else expectTypeOf(message.title).toBeString();
    });
  });

  test('returns lists of the type that a predicate keeps', () => {
    expectTypeOf(hooks.useMessages()).toEqualTypeOf<readonly Message[]>();
    const prices = hooks.useMessages({ filter: (message) => message.type === 'price' });
    expectTypeOf(prices).toEqualTypeOf<readonly Extract<Message, { type: 'price' }>[]>();
  });

  test('returns messages of the type of the codec from useTopic', () => {
    expectTypeOf(hooks.useTopic('gold')).toEqualTypeOf<Message | null>();
    expectTypeOf(hooks.useTopic('gold', () => {})).toEqualTypeOf<void>();
  });
});

describe('hooks that are handed to createWebSocketHooks()', () => {
  const codec = json({ schema, out });
  type Out = z.input<typeof out>;
  const all = createWebSocketHooks(
    { codec },
    { useOutbox, useRequest, usePresence, usePresenceData, useTopic },
  );

  test('have the types of the codec', () => {
    expectTypeOf(all.useOutbox()).toEqualTypeOf<readonly OutboxItem<Out>[]>();
    const request = all.useRequest();
    expectTypeOf(request).toEqualTypeOf<Request<Message, Out>>();
    expectTypeOf(request({ buy: 'gold' }, { timeout: 5_000 })).resolves.toEqualTypeOf<Message>();
    // @ts-expect-error a message that the server does not take
    void request({ sell: 'gold' });
    expectTypeOf(all.usePresence()).toEqualTypeOf<readonly string[] | null>();
    expectTypeOf(all.usePresence('ada', { topic: 'a' })).toEqualTypeOf<boolean | null>();
    expectTypeOf(all.usePresenceData('ada')).toEqualTypeOf<unknown>();
    expectTypeOf(all.useTopic('gold')).toEqualTypeOf<Message | null>();
    expectTypeOf(all.useWebSocket().lastMessage).toEqualTypeOf<Message | null>();
  });

  test('are there only if they are handed in, and only under their own names', () => {
    // @ts-expect-error it was not handed in
    expectTypeOf(createWebSocketHooks({ codec }, { useOutbox }).useRequest).toBeAny();
    // @ts-expect-error not a name of a hook
    createWebSocketHooks({ codec }, { useOutbx: useOutbox });
    // @ts-expect-error not a function
    createWebSocketHooks({ codec }, { useOutbox: true });
  });
});

describe('requests', () => {
  type Call = { method: string; id?: number };
  type Reply = { id: number; result: unknown; error?: string };

  test('get their types from the codec, in the option and in the function', () => {
    const connection = createConnection({
      codec: json<Reply, Call>(),
      requests: {
        tag(message, id) {
          expectTypeOf(message).toEqualTypeOf<Call>();
          expectTypeOf(id).toEqualTypeOf<number>();
          return { ...message, id };
        },
        reply(message) {
          expectTypeOf(message).toEqualTypeOf<Reply>();
          return message;
        },
      },
    });
    expectTypeOf(connection.extend(requests)).toEqualTypeOf<Request<Reply, Call>>();
    expectTypeOf(connection.outbox).toEqualTypeOf<readonly OutboxItem<Call>[]>();
    expectTypeOf(useRequest({ connection })).toEqualTypeOf<Request<Reply, Call>>();
    expectTypeOf(useRequest()).toEqualTypeOf<Request<Frame, OutFrame>>();
    expectTypeOf(useOutbox({ connection })).toEqualTypeOf<readonly OutboxItem<Call>[]>();
    expectTypeOf(useOutbox()).toEqualTypeOf<readonly OutboxItem<OutFrame>[]>();
    // @ts-expect-error nothing vouches for these types
    useRequest<Reply, Call>();
    connection.send({ method: 'a' }, { signal: new AbortController().signal, expires: 5_000 });
    // @ts-expect-error not a number
    connection.send({ method: 'a' }, { expires: '5 s' });
  });

  test('take a reply with an id only', () => {
    const connection = createConnection({
      codec: json<Reply, Call>(),
      // @ts-expect-error a reply without an id
      requests: { tag: (message) => message, reply: () => ({ error: 'no' }) },
    });
    expectTypeOf(connection.extend(requests)).toEqualTypeOf<Request<Reply, Call>>();
  });
});

describe('the types of topics and handlers', () => {
  type In = { symbol: string; price: number };
  type Subscribe = { type: 'subscribe'; topics: string[] };

  test('come from the codec and do not widen what can be sent', () => {
    const one = createWebSocketHooks({
      codec: json<In, Subscribe>(),
      topics: {
        of: (message) => message.symbol,
        subscribe: (topics) => [{ type: 'subscribe', topics }],
      },
    });
    const { send } = one.useWebSocket();
    expectTypeOf(send).parameter(0).toEqualTypeOf<Subscribe>();
    // @ts-expect-error a message that the server does not take
    send({ type: 'nonsense', topics: [] });
  });

  test('allow topics to send one of several kinds of message', () => {
    const several = createWebSocketHooks({
      codec: json<In, Subscribe | { type: 'buy'; amount: number }>(),
      topics: {
        of: ({ symbol }) => symbol,
        subscribe: (topics) => [{ type: 'subscribe', topics }],
      },
    });
    expectTypeOf(several.useWebSocket().send).toBeCallableWith({ type: 'buy', amount: 1 });
  });

  test('refuse a message of topics.subscribe that the codec does not know', () => {
    const typo = createWebSocketHooks({
      codec: json<In, Subscribe>(),
      // @ts-expect-error no such type of message
      topics: { of: () => '', subscribe: (topics) => [{ type: 'typo', topics }] },
    });
    expectTypeOf(typo.useWebSocket().send).parameter(0).toEqualTypeOf<Subscribe>();
  });

  test('keep the type of incoming messages, whatever the annotation of a function', () => {
    const loose = createWebSocketHooks({
      codec: json<In, string>(),
      topics: { of: (message: { symbol: string | number }) => String(message.symbol) },
      onMessage: (message: object) => void message,
    });
    expectTypeOf(loose.useWebSocket().lastMessage).toEqualTypeOf<In | null>();
  });

  test('apply to the own connection of a component, too', () => {
    const { lastMessage, send } = useWebSocket('ws://server.test', {
      codec: json<In, Subscribe>(),
      topics: {
        of: ({ symbol }) => symbol,
        subscribe: (topics) => [{ type: 'subscribe', topics }],
      },
      onMessage: ({ price }) => expectTypeOf(price).toBeNumber(),
    });
    expectTypeOf(lastMessage).toEqualTypeOf<In | null>();
    // @ts-expect-error a message that the server does not take
    send({ type: 'nonsense', topics: [] });
  });
});

test('the plain useTopic carries raw frames', () => {
  expectTypeOf(useTopic('gold')).toEqualTypeOf<Frame | null>();
  // @ts-expect-error raw frames are no such messages
  useTopic('gold', (message: { price: number }) => void message);
});
