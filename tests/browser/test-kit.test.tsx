import { expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { createTestServer, TestConnection } from '../../src/testing.ts';

function Light() {
  const { status, lastMessage, send } = useWebSocket();
  return <button onClick={() => send('click')}>{`${status} ${lastMessage as string}`}</button>;
}

test('in Chromium, too, a test has the server and the time in its hands', async () => {
  const server = createTestServer();
  const screen = await render(
    <WebSocketProvider {...server.options} heartbeat>
      <Light />
    </WebSocketProvider>,
  );
  await server.connected();
  server.send('hello');
  await expect.element(screen.getByText('open hello')).toBeVisible();
  await screen.getByRole('button').click();
  expect(server.received).toEqual(['click']);
  server.drop();
  await server.advance(5_000);
  await expect.element(screen.getByText('open hello')).toBeVisible();
  expect(server.clients.map(({ id }) => id)).toEqual(['client-2']);
});

test('in Chromium, too, a component is shown in any state', async () => {
  const screen = await render(
    <TestConnection snapshot={{ status: 'closed' }} messages={['hello']}>
      <Light />
    </TestConnection>,
  );
  await expect.element(screen.getByText('closed hello')).toBeVisible();
});
