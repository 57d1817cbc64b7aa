import { expect, test } from 'vitest';
import { createConnection, json } from '../../src/core.ts';
import { createTestServer, matchers, type TestMatchers } from '../../src/testing.ts';

expect.extend(matchers);

declare module 'vitest' {
  interface Matchers<T> extends TestMatchers<T> {}
}

/** The text of the error that a failing assertion throws, without colours. */
function textOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    // oxlint-disable-next-line no-control-regex
    return (error as Error).message.replaceAll(/\u001B\[\d+m/g, '');
  }
  throw new Error('It passed.');
}

async function setup() {
  const codec = json<unknown, { text: string }>();
  const server = createTestServer({ codec });
  const connection = createConnection({ ...server.options, codec });
  connection.open();
  const client = await server.connected();
  for (const text of ['a', 'b', 'c']) connection.send({ text });
  return { server, connection, client };
}

test('toHaveReceived() finds messages in their order, others between them', async () => {
  const { server, client } = await setup();
  expect(server).toHaveReceived({ text: 'b' });
  expect(client).toHaveReceived({ text: 'a' }, { text: 'c' });
  expect(server).toHaveReceived(expect.objectContaining({ text: 'a' }));
  expect(server).not.toHaveReceived({ text: 'c' }, { text: 'a' });
  expect(server).not.toHaveReceived({ text: 'd' });
});

test('toHaveReceived() says what was received', async () => {
  const { server } = await setup();
  expect(textOf(() => expect(server).toHaveReceived({ text: 'd' }))).toMatch(
    /^Expected the server to have received:\n[^]*"d"[^]*\nIt has received:\n[^]*"a"[^]*"b"[^]*"c"/,
  );
  expect(textOf(() => expect(server).not.toHaveReceived({ text: 'a' }))).toMatch(
    /^Expected the server not to/,
  );
  expect(textOf(() => expect(createTestServer()).toHaveReceived('a'))).toMatch(/nothing$/);
  expect(textOf(() => expect(5).toHaveReceived('a'))).toMatch(/^toHaveReceived\(\) takes messages/);
});

test('toHaveStatus() reads a connection, or what useWebSocket() returns', async () => {
  const { connection } = await setup();
  expect(connection).toHaveStatus('open');
  expect({ status: 'closed' }).toHaveStatus('closed');
  expect(connection).not.toHaveStatus('closed');
  expect(textOf(() => expect(connection).toHaveStatus('idle'))).toBe(
    'Expected the status to be "idle". It is "open".',
  );
  expect(textOf(() => expect({}).toHaveStatus('idle'))).toMatch(/is for a connection/);
});
