import { act, render, renderHook, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { expect, test, vi } from 'vitest';
import type { Frame, Handshake, OutFrame } from '../../src/index.ts';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { Reader } from '../support/react/readers.tsx';

setup();

const shown = () => screen.getByText(/./).textContent;

test('components see connecting until the handshake is done, and one handshake runs in StrictMode', async () => {
  const server = serve();
  const handshake = vi.fn<Handshake<Frame, OutFrame>>(async ({ send, receive }) => {
    send('login');
    await receive();
  });
  render(
    <StrictMode>
      <WebSocketProvider url={server.url} handshake={handshake}>
        <Reader read={['status', 'readyState', 'lastMessage']} />
      </WebSocketProvider>
    </StrictMode>,
  );
  await settle();
  expect(shown()).toBe('connecting 0 null');
  expect(server.received).toEqual(['login']);
  server.send('welcome', 'news');
  await settle();
  expect(shown()).toBe('open 1 news');
  expect(handshake).toHaveBeenCalledTimes(1);
});

test('an unmount in the handshake leaves no socket, timer or listener (fault 102)', async () => {
  const server = serve();
  let signal: AbortSignal | undefined;
  const { unmount } = renderHook(() =>
    useWebSocket(server.url, {
      async handshake(context) {
        ({ signal } = context);
        await context.receive();
      },
    }),
  );
  await settle();
  expect(server.open).toBe(1);
  unmount();
  await advance(5_000);
  expect(signal?.aborted).toBe(true);
  expect(server.leftovers).toEqual({ sockets: 0, listeners: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

test('a scope that changes in the handshake shows and sends nothing of the former user (fault 102)', async () => {
  const server = serve();
  const view = (user: string) => (
    <WebSocketProvider
      url={server.url}
      scope={user}
      handshake={async ({ send, receive }) => {
        send(`login ${user}`);
        await receive();
      }}
    >
      <Reader read={['status', 'lastMessage']} />
    </WebSocketProvider>
  );
  const { rerender } = render(view('ada'));
  await settle();
  rerender(view('bob'));
  expect(shown()).toBe('connecting null');
  await settle();
  act(() => server.links.at(-1)?.send('welcome bob'));
  await settle();
  expect(shown()).toBe('open null');
  expect(server.received).toEqual(['login ada', 'login bob']);
  expect(server.open).toBe(1);
});
