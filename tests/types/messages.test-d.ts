import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { createWebSocketHooks, json, useTopic, type Codec, type Frame } from '../../src/index.ts';

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('price'), price: z.number() }),
  z.object({ type: z.literal('news'), title: z.string() }),
]);
type Message = z.infer<typeof schema>;
const out = z.object({ buy: z.string(), at: z.coerce.date().optional() });

describe('json()', () => {
  test('knows nothing by itself, and what the app vouches for otherwise', () => {
    expectTypeOf(json()).toEqualTypeOf<Codec<unknown, unknown>>();
    expectTypeOf(json<Message, { buy: string }>()).toEqualTypeOf<Codec<Message, { buy: string }>>();
  });

  test('takes the output of its schema, and the input of what is sent', () => {
    const codec = json({ schema: z.string().transform(Number), out });
    expectTypeOf(codec).toEqualTypeOf<Codec<number, z.input<typeof out>>>();
  });
});

describe('createWebSocketHooks()', () => {
  const hooks = createWebSocketHooks({ codec: json({ schema, out }) });

  test('types what arrives and what is sent by the codec', () => {
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

  test('gives lists of what a type predicate keeps', () => {
    expectTypeOf(hooks.useMessages()).toEqualTypeOf<readonly Message[]>();
    const prices = hooks.useMessages({ filter: (message) => message.type === 'price' });
    expectTypeOf(prices).toEqualTypeOf<readonly Extract<Message, { type: 'price' }>[]>();
  });

  test('gives the messages of a topic', () => {
    expectTypeOf(hooks.useTopic('gold')).toEqualTypeOf<Message | null>();
    expectTypeOf(hooks.useTopic('gold', () => {})).toEqualTypeOf<void>();
  });
});

test('the plain useTopic carries raw frames', () =>
  expectTypeOf(useTopic('gold')).toEqualTypeOf<Frame | null>());
