import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  createWebSocketHooks,
  json,
  useTopic,
  useWebSocket,
  type Codec,
  type Frame,
} from '../../src/index.ts';

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
