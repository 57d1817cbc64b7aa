import { expectTypeOf, test } from 'vitest';
import {
  createConnection,
  createWebSocketHooks,
  json,
  useWebSocketEvent,
} from '../../src/index.ts';
import { confirmed, indexedDbStore, outboxStore } from '../../src/delivery.ts';
import type {
  ConfirmedOptions,
  OutboxState,
  OutboxStore,
  OwnedOutbox,
  StoredMessage,
  StoreOption,
} from '../../src/delivery.ts';

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

test('a store is made by a name, or from functions of the application', () => {
  confirmed({ store: indexedDbStore('chat'), preventUnload: true });
  const own: OutboxStore = { load: async () => ({}) as OwnedOutbox };
  const store: StoreOption = outboxStore(own);
  createConnection({ codec: json<In, Out>(), scope: 'ada', delivery: confirmed({ store }) });
  // @ts-expect-error a name is no store
  confirmed({ store: 'chat' });
  expectTypeOf<OwnedOutbox['messages'][number]>().toEqualTypeOf<StoredMessage>();
  expectTypeOf<OwnedOutbox['state']>().toEqualTypeOf<OutboxState | undefined>();
  expectTypeOf(confirmed).parameter(0).toEqualTypeOf<ConfirmedOptions | undefined>();
});
