import { render } from '@testing-library/react';
import { Activity, type ReactNode, StrictMode } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { createConnection, type EventHandler, WebSocketProvider } from '../../src/index.ts';
import { advance, serve, settle, setup, type TestServer } from '../support/react/harness.ts';
import { Listener } from '../support/react/listeners.tsx';
import { GivenReader, type OnRender, OwnReader, Reader } from '../support/react/readers.tsx';

setup();

const views = {
  'a provider': (server: TestServer) => (
    <WebSocketProvider url={server.url} linger={1_000}>
      <Reader read={['status', 'lastMessage']} />
    </WebSocketProvider>
  ),
  'a component with its own url': (server: TestServer) => (
    <OwnReader url={server.url} linger={1_000} read={['status', 'lastMessage']} />
  ),
  'a component with a given connection': (server: TestServer) => (
    <GivenReader
      connection={createConnection({ url: server.url })}
      read={['status', 'lastMessage']}
    />
  ),
};

const modes = {
  '': (children: ReactNode) => children,
  ' in StrictMode': (children: ReactNode) => <StrictMode>{children}</StrictMode>,
};

describe.each(
  Object.entries(views).flatMap(([name, view]) =>
    Object.entries(modes).map(([mode, wrap]) => [name + mode, view, wrap] as const),
  ),
)('%s', (_name, view, wrap) => {
  test('that is hidden and shown within linger keeps its link (fault 44)', async () => {
    const server = serve();
    const element = view(server);
    const show = (mode: 'visible' | 'hidden') => wrap(<Activity mode={mode}>{element}</Activity>);
    const { container, rerender } = render(show('visible'));
    await settle();
    server.send('before');
    rerender(show('hidden'));
    await advance(900);
    expect(server.open).toBe(1);
    server.send('meanwhile');
    rerender(show('visible'));
    expect(container.textContent).toBe('open meanwhile');
    await advance(60_000);
    expect(container.textContent).toBe('open meanwhile');
    expect(server.links).toHaveLength(1);
  });

  test('that is hidden for longer than linger closes its link, and opens one when shown (fault 44)', async () => {
    const server = serve();
    const element = view(server);
    const show = (mode: 'visible' | 'hidden') => wrap(<Activity mode={mode}>{element}</Activity>);
    const { container, rerender } = render(show('visible'));
    await settle();
    rerender(show('hidden'));
    await advance(1_100);
    expect(server.open).toBe(0);
    await advance(60_000);
    expect(server.links).toHaveLength(1);

    rerender(show('visible'));
    expect(container.textContent).toBe('connecting null');
    await settle();
    server.send('again');
    expect(container.textContent).toBe('open again');
    expect(server.links).toHaveLength(2);
  });

  test('that is hidden from the start opens no link until it is shown', async () => {
    const server = serve();
    const element = view(server);
    const show = (mode: 'visible' | 'hidden') => wrap(<Activity mode={mode}>{element}</Activity>);
    const { container, rerender } = render(show('hidden'));
    await advance(5_000);
    expect(server.handshakes).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    rerender(show('visible'));
    await settle();
    expect(container.textContent).toBe('open null');
    expect(server.handshakes).toHaveLength(1);
  });

  test('that is hidden and shown 100 times in a tick makes no second handshake', async () => {
    const server = serve();
    const element = view(server);
    const show = (mode: 'visible' | 'hidden') => wrap(<Activity mode={mode}>{element}</Activity>);
    const { container, rerender } = render(show('visible'));
    await settle();
    for (let count = 0; count < 100; count++) {
      rerender(show('hidden'));
      rerender(show('visible'));
    }
    await advance(5_000);
    expect(container.textContent).toBe('open null');
    expect(server.handshakes).toHaveLength(1);
  });
});

test('handlers of a hidden component are not called until it is shown again', async () => {
  const server = serve();
  const handler = vi.fn<EventHandler<'message'>>();
  const own = vi.fn<EventHandler<'message'>>();
  const show = (mode: 'visible' | 'hidden') => (
    <WebSocketProvider url={server.url}>
      <Activity mode={mode}>
        <Listener onMessage={handler} />
        <OwnReader url={server.url} onMessage={own} />
      </Activity>
    </WebSocketProvider>
  );
  const { rerender } = render(show('visible'));
  await settle();
  server.send('1');
  rerender(show('hidden'));
  server.send('2');
  rerender(show('visible'));
  await settle();
  server.send('3');
  expect(handler.mock.calls).toEqual([['1'], ['3']]);
  expect(own.mock.calls).toEqual([['1'], ['3']]);
});

test('a hidden component below a visible provider does not render for messages, and shows the newest when shown', async () => {
  const server = serve();
  const onRender = vi.fn<OnRender>();
  const show = (mode: 'visible' | 'hidden') => (
    <WebSocketProvider url={server.url}>
      <Activity mode={mode}>
        <Reader read={['lastMessage']} onRender={onRender} />
      </Activity>
    </WebSocketProvider>
  );
  const { container, rerender } = render(show('visible'));
  await settle();
  rerender(show('hidden'));
  onRender.mockClear();
  for (let count = 0; count < 10; count++) {
    server.send(`${count}`);
    await advance(300);
  }
  expect(onRender).not.toHaveBeenCalled();
  rerender(show('visible'));
  expect(container.textContent).toBe('9');
});

test('a provider whose url changes while it is hidden connects to the new one when shown', async () => {
  const [first, second] = [serve(), serve()];
  const show = (mode: 'visible' | 'hidden', url: string) => (
    <Activity mode={mode}>
      <WebSocketProvider url={url}>
        <Reader read={['status', 'lastMessage']} />
      </WebSocketProvider>
    </Activity>
  );
  const { container, rerender } = render(show('visible', first.url));
  await settle();
  first.send('old');
  rerender(show('hidden', first.url));
  rerender(show('hidden', second.url));
  await advance(5_000);
  expect(second.handshakes).toEqual([]);
  rerender(show('visible', second.url));
  expect(container.textContent).toBe('connecting null');
  await settle();
  expect(container.textContent).toBe('open null');
  expect([first.open, second.open]).toEqual([0, 1]);
  expect(first.handshakes).toHaveLength(1);
});
