import { act, render, renderHook, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { expect, test } from 'vitest';
import { useMessage, useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { ALL, CONNECTING, OwnReader, Reader } from '../support/react/readers.tsx';

setup();

const IDLE = Object.values({ ...CONNECTING, status: 'idle', readyState: 3 })
  .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  .join(' ');
const shown = () => screen.getByText(/./).textContent;

test.each([
  [
    'a provider',
    (url: string) => (
      <WebSocketProvider url={url} manual>
        <Reader read={ALL} />
      </WebSocketProvider>
    ),
  ],
  ['a component', (url: string) => <OwnReader url={url} manual read={ALL} />],
])(
  '%s that is manual does not connect by itself, and is idle from its first render',
  async (_, view) => {
    const server = serve();
    const { rerender } = render(<StrictMode>{view(server.url)}</StrictMode>);
    expect(shown()).toBe(IDLE);
    await advance(60_000);
    rerender(<StrictMode>{view(server.url)}</StrictMode>);
    rerender(<StrictMode>{view(`${server.url}?token=2`)}</StrictMode>);
    expect(shown()).toBe(IDLE);
    await advance(60_000);
    expect(shown()).toBe(IDLE);
    expect(server.handshakes).toEqual([]);
  },
);

test('a hook that is given a manual connection holds it, and does not open it (fault 174)', async () => {
  const server = serve();
  function Given() {
    const { connection, open } = useWebSocket();
    useMessage(() => {}, { connection });
    return <button onClick={open}>{useWebSocket(connection).status}</button>;
  }
  render(
    <StrictMode>
      <WebSocketProvider url={server.url} manual>
        <Given />
      </WebSocketProvider>
    </StrictMode>,
  );
  await advance(60_000);
  expect(shown()).toBe('idle');
  expect(server.handshakes).toEqual([]);
  act(() => screen.getByRole('button').click());
  await settle();
  expect(shown()).toBe('open');
});

test('a manual connection that was held and released while it waited ends with its component (fault 174)', async () => {
  const server = serve();
  const { result, unmount } = renderHook(() => useWebSocket(server.url, { manual: true }));
  result.current.connection.retain()();
  act(() => result.current.open());
  await settle();
  expect(server.handshakes).toHaveLength(1);
  unmount();
  await settle();
  expect(server.leftovers).toEqual({ sockets: 0, listeners: 0 });
});

test.each(['open', 'reconnect'] as const)('%s() connects, and sends what waits', async (wish) => {
  const server = serve();
  const { result } = renderHook(() => {
    const socket = useWebSocket(server.url, { manual: true });
    return { socket, status: socket.status };
  });
  expect(result.current.socket.send('early')).toBe('queued');
  await settle();
  act(() => result.current.socket[wish]());
  await settle();
  expect(result.current.status).toBe('open');
  expect(server.received).toEqual(['early']);
});

test('once it was opened, it is like any other: it reconnects, is closed, opened again, and ends with its component', async () => {
  const server = serve();
  const { result, unmount } = renderHook(() => {
    const socket = useWebSocket(server.url, { manual: true, scope: 'a' });
    return { socket, status: socket.status };
  });
  act(() => result.current.socket.open());
  await settle();
  await server.drop(1006);
  expect(result.current.status).toBe('reconnecting');
  await advance(4_000);
  expect(result.current.status).toBe('open');
  act(() => result.current.socket.close());
  await settle();
  expect(result.current.status).toBe('closed');
  act(() => result.current.socket.open());
  await settle();
  expect(result.current.status).toBe('open');
  unmount();
  await settle();
  expect(server.leftovers).toEqual({ sockets: 0, listeners: 0 });
});

test('open() in an effect of a child opens it, also in StrictMode', async () => {
  const server = serve();
  render(
    <StrictMode>
      <WebSocketProvider url={server.url} manual>
        <Reader onRender={(_, { open }) => open()} />
      </WebSocketProvider>
    </StrictMode>,
  );
  await settle();
  expect(shown()).toBe('open');
  expect(server.handshakes).toHaveLength(1);
});

test('it connects when manual becomes false, and stays connected when it becomes true again', async () => {
  const server = serve();
  const view = (manual: boolean) => <OwnReader url={server.url} manual={manual} />;
  const { rerender } = render(view(true));
  await settle();
  expect(shown()).toBe('idle');
  rerender(view(false));
  await settle();
  expect(shown()).toBe('open');
  rerender(view(true));
  await settle();
  expect(shown()).toBe('open');
  expect(server.handshakes).toHaveLength(1);
});

test('unmounted before it was opened, it never connects', async () => {
  const server = serve();
  const { result, unmount } = renderHook(() => useWebSocket(server.url, { manual: true }));
  await settle();
  unmount();
  act(() => result.current.open());
  await advance(5_000);
  expect(server.handshakes).toEqual([]);
});

test('another scope does not open it', async () => {
  const [first, second] = [serve(), serve()];
  const { rerender } = render(<OwnReader url={first.url} manual />);
  await settle();
  rerender(<OwnReader url={second.url} manual />);
  expect(shown()).toBe('idle');
  await advance(5_000);
  expect(shown()).toBe('idle');
  expect(second.handshakes).toEqual([]);
});
