import type { ReactNode } from 'react';
import { StrictMode } from 'react';
import { expect } from 'vitest';
import { render } from 'vitest-browser-react';
import { useMessage, useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { test } from './fixtures.ts';

const SOON = { minDelay: 50, baseDelay: 0, maxDelay: 0 };

function Panel(): ReactNode {
  const { status, lastMessage, send } = useWebSocket();
  return (
    <>
      <output aria-label="status">{status}</output>
      <output aria-label="last message">{typeof lastMessage === 'string' && lastMessage}</output>
      <button onClick={() => send('hello')}>Say hello</button>
    </>
  );
}

function Log({ onMessage }: { readonly onMessage: (message: unknown) => void }): ReactNode {
  useMessage(onMessage);
  return null;
}

test('a component connects, sends, receives, reconnects after a restart of the server, and closes when unmounted', async ({
  server,
}) => {
  const messages: unknown[] = [];
  const screen = await render(
    <WebSocketProvider url={server.url} linger={200} reconnect={SOON}>
      <Panel />
      <Log onMessage={(message) => messages.push(message)} />
    </WebSocketProvider>,
  );
  const status = screen.getByLabelText('status');
  const lastMessage = screen.getByLabelText('last message');
  await expect.element(status).toHaveTextContent(/^open$/);

  await screen.getByRole('button').click();
  await expect.element(lastMessage).toHaveTextContent('hello');

  await server.stops();
  await expect.element(status).toHaveTextContent('reconnecting');
  await screen.getByRole('button').click();
  await server.starts();
  await expect.element(status).toHaveTextContent(/^open$/);
  await server.says('welcome back');
  await expect.element(lastMessage).toHaveTextContent('welcome back');
  expect(messages).toEqual(['hello', 'hello', 'welcome back']);

  const from = performance.now();
  await screen.unmount();
  await expect.poll(async () => (await server.report()).open, { interval: 10 }).toBe(0);
  expect(performance.now() - from).toBeGreaterThanOrEqual(199);
  expect(await server.report()).toMatchObject({ ever: 2, frames: 2 });
});

test('a provider in StrictMode makes one connection (fault 43)', async ({ server }) => {
  const screen = await render(
    <StrictMode>
      <WebSocketProvider url={server.url} linger={20}>
        <Panel />
      </WebSocketProvider>
    </StrictMode>,
  );
  await expect.element(screen.getByLabelText('status')).toHaveTextContent(/^open$/);
  await screen.getByRole('button').click();
  await expect.element(screen.getByLabelText('last message')).toHaveTextContent('hello');
  await screen.unmount();
  await expect.poll(async () => (await server.report()).open, { interval: 10 }).toBe(0);
  expect(await server.report()).toMatchObject({ ever: 1, requests: ['/'] });
});
