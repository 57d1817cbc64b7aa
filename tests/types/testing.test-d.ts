import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  createConnection,
  createWebSocketHooks,
  type Frame,
  json,
  type OutFrame,
  type Status,
} from '../../src/index.ts';
import {
  createTestServer,
  TestConnection,
  type TestConnectionProps,
  type TestMatchers,
  type TestServer,
} from '../../src/testing.ts';

interface Message {
  readonly text: string;
}

const codec = json({
  schema: z.object({ price: z.number() }),
  out: z.object({ buy: z.string() }),
});

describe('createTestServer()', () => {
  test('takes and gives frames without a codec', () => {
    const server = createTestServer();
    expectTypeOf(server).toEqualTypeOf<TestServer>();
    expectTypeOf(server.received).toEqualTypeOf<readonly OutFrame[]>();
  });

  test('has the types of the codec, seen from the other side', async () => {
    const server = createTestServer({
      codec,
      onMessage(message, client) {
        expectTypeOf(message).toEqualTypeOf<{ buy: string }>();
        client.send({ price: 5 });
      },
    });
    expectTypeOf(server.received).toEqualTypeOf<readonly { buy: string }[]>();
    expectTypeOf(await server.next()).toEqualTypeOf<{ buy: string }>();
    expectTypeOf((await server.connected()).send)
      .parameter(0)
      .toEqualTypeOf<{ price: number }>();
    // @ts-expect-error what the app sends
    server.send({ buy: 'gold' });
  });

  test('needs a codec for other messages than frames', () => {
    // @ts-expect-error no codec vouches for these types
    const server = createTestServer<Message, Message>({});
    expectTypeOf(server).toEqualTypeOf<TestServer<Message, Message>>();
  });

  test('has options for every connection', () => {
    const { options } = createTestServer({ codec });
    createConnection(options);
    createConnection({ ...options, codec });
    const { WebSocketProvider } = createWebSocketHooks({ codec });
    expectTypeOf(WebSocketProvider).toBeCallableWith(options);
  });
});

describe('TestConnection', () => {
  test('has the types of its provider', () => {
    const { WebSocketProvider } = createWebSocketHooks({ codec });
    TestConnection({
      provider: WebSocketProvider,
      messages: [{ price: 5 }],
      onSend: (message) => expectTypeOf(message).toEqualTypeOf<{ buy: string }>(),
    });
    // @ts-expect-error messages of another type
    TestConnection({ provider: WebSocketProvider, messages: [{ text: 'hello' }] });
    expectTypeOf<TestConnectionProps['messages']>().toEqualTypeOf<readonly Frame[] | undefined>();
  });
});

test('the matchers take messages and a status', () => {
  expectTypeOf<TestMatchers<void>['toHaveStatus']>().toEqualTypeOf<(status: Status) => void>();
  const matcher = null as unknown as TestMatchers<void>;
  matcher.toHaveReceived({ text: 'one' }, 'two');
  // @ts-expect-error no message
  matcher.toHaveReceived();
});
