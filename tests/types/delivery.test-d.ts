import { expectTypeOf, test } from 'vitest';
import {
  createConnection,
  createWebSocketHooks,
  json,
  useWebSocketEvent,
} from '../../src/index.ts';
import { confirmed } from '../../src/delivery.ts';

type In = { price: number };
type Out = { buy: number };

test('confirmed() fits messages of any types, and changes none', () => {
  const connection = createConnection({ codec: json<In, Out>(), delivery: confirmed() });
  expectTypeOf(connection.send).parameter(0).toEqualTypeOf<Out>();
  expectTypeOf(connection.lastMessage).toEqualTypeOf<In | null>();
  createWebSocketHooks({ delivery: confirmed() });
  // @ts-expect-error it is a function
  createConnection({ delivery: true });
});

test('the events of delivery have messages, reasons and topics', () => {
  const connection = createConnection({ codec: json<In, Out>(), delivery: confirmed() });
  connection.on('confirm', (messages) => expectTypeOf(messages).toEqualTypeOf<Out[]>());
  connection.on('uncertain', (messages) => expectTypeOf(messages).toEqualTypeOf<Out[]>());
  connection.on('failed', (message, reason) => {
    expectTypeOf(message).toEqualTypeOf<Out>();
    expectTypeOf(reason).toEqualTypeOf<string | null>();
  });
  useWebSocketEvent('gap', (topics) => expectTypeOf(topics).toEqualTypeOf<string[]>());
});
