import { act, render, screen } from '@testing-library/react';
import { Server, WebSocket } from 'mock-socket';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

const URL = 'wss://example.com/live';

/** Time passes, with all that the connection and React do meanwhile. A handshake of mock-socket takes 4 ms. */
const advance = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

let server: Server;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', WebSocket);
  server = new Server(URL, { mock: false });
});

afterEach(() => {
  server.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function Counter() {
  const { status, lastMessage, send } = useWebSocket();
  const text = typeof lastMessage === 'string' ? lastMessage : 'nothing';
  return <button onClick={() => send('more')}>{`${status} ${text}`}</button>;
}

const app = (
  <WebSocketProvider url={URL}>
    <Counter />
  </WebSocketProvider>
);

test('shows what the server answers', async () => {
  server.on('connection', (link) => {
    link.on('message', (frame) => link.send(`${frame as string}!`));
  });
  render(app);
  const button = screen.getByRole('button');
  expect(button.textContent).toBe('connecting nothing');

  await advance(10);
  expect(button.textContent).toBe('open nothing');

  button.click();
  await advance(300);
  expect(button.textContent).toBe('open more!');
});

test('sends what was clicked while the server was away', async () => {
  const received: unknown[] = [];
  server.on('connection', (link) => {
    link.on('message', (frame) => received.push(frame));
  });
  render(app);
  await advance(10);

  act(() => server.clients()[0]?.close({ code: 1012, reason: 'restart', wasClean: true }));
  await advance(10);
  const button = screen.getByRole('button');
  expect(button.textContent).toBe('reconnecting nothing');
  button.click();
  expect(received).toEqual([]);

  await advance(5_000); // The first delay is at most 3.25 s.
  expect(button.textContent).toBe('open nothing');
  expect(received).toEqual(['more']);
});
