import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createConnection, WebSocketProvider } from '../../src/index.ts';
import { lifeline, usePresence, usePresenceData } from '../../src/presence.ts';
import { createTestServer, type TestServer } from '../../src/testing.ts';

function Online({ topic }: { topic?: string }) {
  const ids = usePresence({ topic });
  const data = usePresenceData('ada', { topic });
  return <p>{ids ? `${ids.join(' ')} ${JSON.stringify(data)}` : 'unknown'}</p>;
}

async function show(server: TestServer, topic?: string) {
  const connection = createConnection({
    ...server.options,
    heartbeat: lifeline(),
    linger: 0,
  });
  const { unmount } = render(
    <WebSocketProvider connection={connection}>
      <Online {...(topic !== undefined && { topic })} />
    </WebSocketProvider>,
  );
  await server.connected();
  return { connection, unmount };
}

const text = () => screen.getByRole('paragraph').textContent;

test('without a word of the test, the ids of the clients are online', async () => {
  const server = createTestServer();
  await show(server);
  expect(text()).toBe('client-1 null');
  const other = createConnection(server.options);
  other.open();
  await server.connected(2);
  expect(text()).toBe('client-1 client-2 null');
  other.close();
  await server.advance(0);
  expect(text()).toBe('client-1 null');
});

test('the test says who is online, with public data, and each change is told', async () => {
  const server = createTestServer();
  server.setPresence([]);
  await show(server);
  expect(text()).toBe(' null');
  server.setPresence(['ada', 'bob'], { data: { ada: { name: 'Ada' } } });
  expect(text()).toBe('ada bob {"name":"Ada"}');
  server.setPresence(['ada'], { data: { ada: { name: 'Countess' } } });
  expect(text()).toBe('ada {"name":"Countess"}');
  server.setPresence(['ada']);
  expect(text()).toBe('ada null');
});

test('of a topic nothing is known until the test tells', async () => {
  const server = createTestServer();
  server.setPresence(['zoe']);
  await show(server, 'lobby');
  expect(text()).toBe('unknown');
  server.setPresence(['ada'], { topic: 'lobby' });
  expect(text()).toBe('ada null');
  server.setPresence(['ada', 'bob'], { topic: 'cellar' });
  server.setPresence(['bob', 'ada'], { topic: 'lobby', data: { ada: 1 } });
  expect(text()).toBe('ada bob 1');
});

test('after a reconnect the list is told again, and meanwhile the last one stays', async () => {
  const server = createTestServer();
  server.setPresence(['ada']);
  await show(server);
  server.drop();
  server.setPresence(['bob']);
  expect(text()).toBe('ada null');
  await server.connected();
  await server.advance(0);
  expect(text()).toBe('bob null');
});

test('a client that asks no longer is told nothing', async () => {
  const server = createTestServer();
  const { connection, unmount } = await show(server);
  let frames = 0;
  connection.socket?.addEventListener('message', () => frames++);
  server.setPresence(['ada']);
  expect(frames).toBeGreaterThan(0);
  connection.open();
  unmount();
  await server.advance(2_000);
  frames = 0;
  server.setPresence(['bob']);
  expect(frames).toBe(0);
});
