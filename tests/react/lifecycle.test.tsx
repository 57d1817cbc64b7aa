import { act, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { createConnection, type Signals, WebSocketProvider } from '../../src/index.ts';
import { Boundary } from '../support/react/boundary.tsx';
import {
  advance,
  serve,
  settle,
  setup,
  takeRenderErrors,
  type TestServer,
} from '../support/react/harness.ts';
import { Listener } from '../support/react/listeners.tsx';
import { ALL, GivenReader, OwnReader, Reader } from '../support/react/readers.tsx';

setup();

const connecting = {
  'a provider': (server: TestServer, signals?: Signals) => (
    <WebSocketProvider url={server.url} signals={signals}>
      <Reader read={ALL} />
      <Listener onMessage={() => {}} />
    </WebSocketProvider>
  ),
  'a component with its own url': (server: TestServer, signals?: Signals) => (
    <OwnReader url={server.url} signals={signals} read={ALL} />
  ),
  'a component with a given connection': (server: TestServer, signals?: Signals) => (
    <GivenReader connection={createConnection({ url: server.url, signals })} read={ALL} />
  ),
  'a component with a url function': (server: TestServer, signals?: Signals) => (
    <OwnReader url={() => Promise.resolve(server.url)} signals={signals} read={ALL} />
  ),
};

describe.each(Object.entries(connecting))('%s', (_name, view) => {
  test('in StrictMode makes one connection at the server (fault 43)', async () => {
    const server = serve();
    const { rerender, unmount } = render(<StrictMode>{view(server)}</StrictMode>);
    await settle();
    rerender(<StrictMode>{null}</StrictMode>);
    await advance(2_000);
    expect(server.handshakes).toHaveLength(1);
    expect(server.links).toHaveLength(1);
    expect(server.open).toBe(0);
    unmount();
  });

  test.each([
    ['before the handshake', 0],
    ['while connecting', 2],
    ['while open', 10],
  ])('unmounted %s leaves no socket, timer or listener (fault 46)', async (_when, after) => {
    const server = serve();
    const stop = vi.fn<() => void>();
    const signals = vi.fn<Signals>(() => stop);
    const { unmount } = render(view(server, signals));
    await advance(after);
    unmount();
    await advance(1_100);
    expect(server.leftovers).toEqual({ sockets: 0, listeners: 0 });
    expect(signals).toHaveBeenCalledTimes(1);
    expect(stop).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('unmounted while waiting for the next attempt leaves no socket, timer or listener (fault 46)', async () => {
    const server = serve();
    const stop = vi.fn<() => void>();
    server.stop();
    const { container, unmount } = render(view(server, () => stop));
    await settle();
    expect(container.textContent).toMatch(/^reconnecting/);
    unmount();
    await advance(1_100);
    const handshakes = server.handshakes.length;
    await advance(60_000);
    expect(server.handshakes).toHaveLength(handshakes);
    expect(server.leftovers).toEqual({ sockets: 0, listeners: 0 });
    expect(stop).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe.each(['a provider', 'a component with its own url'] as const)('%s', (name) => {
  test('makes no handshake when mounted and unmounted 1,000 times in a tick, and one when it stays (fault 45)', async () => {
    const server = serve();
    const element = connecting[name](server);
    const { rerender } = render(null);
    for (let count = 0; count < 1_000; count++) {
      rerender(element);
      rerender(null);
    }
    await advance(5_000);
    // React 18 may run the last effects in real time, at the end of that: their timers have their time, too.
    await advance(5_000);
    expect(server.handshakes).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);

    for (let count = 0; count < 10; count++) {
      rerender(null);
      rerender(element);
    }
    await advance(5_000);
    expect(server.handshakes).toHaveLength(1);
    expect(server.open).toBe(1);
  });
});

test('many components in StrictMode share one connection of a provider (fault 43)', async () => {
  const server = serve();
  const { container } = render(
    <StrictMode>
      <WebSocketProvider url={server.url}>
        {Array.from({ length: 20 }, (_, key) => (
          <Reader key={key} />
        ))}
      </WebSocketProvider>
    </StrictMode>,
  );
  await settle();
  server.send('x');
  expect(container.textContent).toBe('open'.repeat(20));
  await advance(60_000);
  expect(server.handshakes).toHaveLength(1);
});

test('a mount and an unmount in a tick make no timer, listener or socket', () => {
  const server = serve();
  const signals = vi.fn<Signals>(() => () => {});
  const { unmount } = render(<OwnReader url={server.url} signals={signals} />);
  unmount();
  expect(vi.getTimerCount()).toBe(0);
  expect(signals).not.toHaveBeenCalled();
  expect(server.handshakes).toEqual([]);
});

test('renders with new but equal options keep the link', async () => {
  const server = serve();
  const view = () => (
    <OwnReader
      url={new URL(server.url)}
      protocols={['a', 'b']}
      heartbeat={{ interval: 1_000 }}
      reconnect={{ minDelay: 1 }}
      onMessage={() => {}}
    />
  );
  const { rerender } = render(view());
  await settle();
  for (let count = 0; count < 10; count++) rerender(view());
  await settle();
  expect(server.handshakes).toHaveLength(1);
});

test('changed options apply from the render that changes them', async () => {
  const server = serve();
  const { container, rerender } = render(<OwnReader url={server.url} read={['cause']} />);
  await settle();
  rerender(
    <OwnReader url={server.url} read={['cause']} heartbeat={{ interval: 500, timeout: 500 }} />,
  );
  await advance(110);
  expect(server.received).toEqual(['ping']);
  // The timeout has passed since the ping. The next attempt started at once, which takes 4 ms.
  await advance(486);
  expect(container.textContent).toBe('{"kind":"timeout","phase":"heartbeat"}');
  rerender(<OwnReader url={server.url} read={['cause']} heartbeat={false} />);
  await advance(60_000);
  expect(server.received).toEqual(['ping']);
  expect(server.open).toBe(1);
});

test('changed protocols replace the link, and equal ones do not', async () => {
  const server = serve();
  const { rerender } = render(<OwnReader url={server.url} protocols="a" />);
  await settle();
  rerender(<OwnReader url={server.url} protocols={['a']} />);
  await settle();
  expect(server.handshakes).toHaveLength(1);
  rerender(<OwnReader url={server.url} protocols={['b', 'a']} />);
  await settle();
  expect(server.handshakes).toHaveLength(2);
  expect(server.open).toBe(1);
});

describe('a connection that the application closes', () => {
  test('is still closed after a remount', async () => {
    const server = serve();
    const connection = createConnection({ url: server.url });
    const view = (shown: boolean) => (
      <WebSocketProvider connection={connection}>{shown && <Reader />}</WebSocketProvider>
    );
    const { container, rerender, unmount } = render(view(true));
    await settle();
    act(() => connection.close());
    await settle();
    expect(container.textContent).toBe('closed');
    rerender(view(false));
    rerender(view(true));
    unmount();
    await advance(5_000);
    const second = render(view(true));
    await settle();
    expect(second.container.textContent).toBe('closed');
    expect(server.links).toHaveLength(1);
    act(() => connection.open());
    await settle();
    expect(second.container.textContent).toBe('open');
  });
});

test('a wrong option in a later render throws once, and its handlers are not called any more', async () => {
  const server = serve();
  const heard = vi.fn<(message: unknown) => void>();
  const view = (linger: number) => (
    <Boundary>
      <WebSocketProvider url={server.url} linger={linger} onMessage={heard}>
        <Reader read={['status']} />
      </WebSocketProvider>
    </Boundary>
  );
  const { rerender } = render(view(1_000));
  await settle();
  rerender(view(-1));
  expect(takeRenderErrors()).toEqual(['TypeError: linger must be a positive number or 0, not -1.']);
  server.send('late');
  expect(heard).not.toHaveBeenCalled();
});
