import { act, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { expect, test } from 'vitest';
import {
  createConnection,
  useWebSocket,
  type UseWebSocketResult,
  WebSocketProvider,
} from '../../src/index.ts';
import { Boundary } from '../support/react/boundary.tsx';
import { advance, serve, settle, setup, takeRenderErrors } from '../support/react/harness.ts';
import { GivenReader, Reader } from '../support/react/readers.tsx';

setup();

test('a provider retains a given connection while it is mounted', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url, linger: 500 });
  const { container, unmount } = render(
    <WebSocketProvider connection={connection}>
      <Reader />
    </WebSocketProvider>,
  );
  expect(container.textContent).toBe('connecting');
  await settle();
  expect(container.textContent).toBe('open');
  unmount();
  await advance(490);
  expect(connection.getSnapshot().status).toBe('open');
  await advance(20);
  expect(connection.getSnapshot().status).toBe('idle');
  expect(server.open).toBe(0);
});

test('useWebSocket(connection) opens an idle connection, shares it, and releases it with the last component', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url, linger: 0 });
  const view = (count: number) => (
    <StrictMode>
      {Array.from({ length: count }, (_, key) => (
        <GivenReader key={key} connection={connection} />
      ))}
      {count > 1 && (
        <WebSocketProvider connection={connection}>
          <Reader />
        </WebSocketProvider>
      )}
    </StrictMode>
  );
  const { container, rerender } = render(view(3));
  await settle();
  expect(container.textContent).toBe('open'.repeat(4));
  rerender(view(1));
  await advance(1_000);
  expect(container.textContent).toBe('open');
  rerender(view(0));
  await advance(1_000);
  expect(connection.getSnapshot().status).toBe('idle');

  rerender(view(2));
  expect(container.textContent).toBe('connecting'.repeat(3));
  await settle();
  expect(container.textContent).toBe('open'.repeat(3));
  expect(server.links).toHaveLength(2);
});

test('a given connection keeps its link over an unmount and a mount within linger', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url });
  const { container, rerender } = render(<GivenReader key="a" connection={connection} />);
  await settle();
  rerender(<GivenReader key="b" connection={connection} />);
  rerender(<></>);
  await advance(900);
  rerender(<GivenReader key="c" connection={connection} />);
  await advance(5_000);
  expect(container.textContent).toBe('open');
  expect(server.links).toHaveLength(1);
});

test('a given connection with a linger of 0 keeps its link over a new key, and closes with its last component (fault 55)', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url, linger: 0 });
  const view = (key: number) => (
    <StrictMode>
      <GivenReader key={key} connection={connection} />
    </StrictMode>
  );
  const { rerender } = render(view(0));
  await settle();
  for (let key = 1; key < 10; key++) {
    rerender(view(key));
    await settle();
  }
  expect([server.open, server.links.length]).toEqual([1, 1]);
  rerender(<></>);
  await settle();
  expect(server.open).toBe(0);
});

test('a connection opened by the application stays open after its components are unmounted', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url, linger: 0 });
  connection.open();
  const { unmount } = render(<GivenReader connection={connection} />);
  await settle();
  unmount();
  await advance(10_000);
  expect(server.open).toBe(1);
  expect(server.links).toHaveLength(1);
  act(() => connection.close());
  await settle();
});

test('a connection closed by the application stays closed over remounts, with one component or several', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url, linger: 0 });
  const first = render(<GivenReader connection={connection} />);
  await settle();
  act(() => connection.close());
  await settle();
  expect(first.container.textContent).toBe('closed');
  first.unmount();
  await advance(2_000);

  const second = render(
    <>
      <GivenReader connection={connection} />
      <GivenReader connection={connection} />
    </>,
  );
  await advance(2_000);
  expect(second.container.textContent).toBe('closedclosed');
  expect(server.links).toHaveLength(1);

  act(() => connection.reconnect());
  await settle();
  expect(second.container.textContent).toBe('openopen');
});

test('a connection closed before the first mount stays closed', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url });
  connection.close();
  const { container } = render(<GivenReader connection={connection} />);
  await settle();
  expect(container.textContent).toBe('closed');
  expect(server.handshakes).toEqual([]);
});

test('a component shows an open connection in its first render', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url });
  connection.open();
  await settle();
  server.send('news');
  const seen: unknown[] = [];
  render(
    <GivenReader
      connection={connection}
      read={['status', 'lastMessage']}
      onRender={(fields) => void seen.push(fields)}
    />,
  );
  await settle();
  expect(seen).toEqual([{ status: 'open', lastMessage: 'news' }]);
  act(() => connection.close());
  await settle();
});

test('update() of the url shows no message of the old one', async () => {
  const [first, second] = [serve(), serve()];
  const connection = createConnection({ url: first.url });
  const { container } = render(
    <GivenReader connection={connection} read={['status', 'lastMessage']} />,
  );
  await settle();
  first.send('old');
  act(() => connection.update({ url: second.url }));
  expect(container.textContent).toBe('connecting null');
  await settle();
  expect(container.textContent).toBe('open null');
  act(() => connection.update({ url: null }));
  expect(container.textContent).toBe('idle null');
});

test('a message sent before the first mount waits in the outbox', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url });
  expect(connection.send('before')).toBe('queued');
  render(<GivenReader connection={connection} />);
  await settle();
  await settle();
  expect(server.received).toEqual(['before']);
});

test('all components see what one of them does to the connection', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url });
  let socket: UseWebSocketResult | undefined;
  const { container } = render(
    <>
      <GivenReader connection={connection} onRender={(_seen, result) => void (socket = result)} />
      <WebSocketProvider connection={connection}>
        <Reader />
      </WebSocketProvider>
    </>,
  );
  await settle();
  act(() => socket?.close());
  expect(container.textContent).toBe('closingclosing');
  await settle();
  expect(container.textContent).toBe('closedclosed');
  act(() => socket?.open());
  await settle();
  expect(container.textContent).toBe('openopen');
});

test('a given connection that gave up is opened by the next component, if no other holds it (fault 74)', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url, reconnect: false, linger: 0 });
  const { container, rerender } = render(<GivenReader connection={connection} />);
  await settle();
  await server.drop(1011);
  expect(container.textContent).toBe('closed');
  rerender(
    <>
      <GivenReader connection={connection} />
      <GivenReader connection={connection} />
    </>,
  );
  await settle();
  expect(container.textContent).toBe('closedclosed');
  rerender(<></>);
  await settle();
  rerender(<GivenReader connection={connection} />);
  await settle();
  expect(container.textContent).toBe('open');
  expect(server.links).toHaveLength(2);
});

test('an error boundary that is reset opens a connection that gave up (fault 74)', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url, reconnect: false });
  function Strict() {
    const { status } = useWebSocket(connection);
    if (status === 'closed') throw new Error(status);
    return status;
  }
  const view = (key: number) => (
    <Boundary key={key}>
      <Strict />
    </Boundary>
  );
  const { container, rerender } = render(view(1));
  await settle();
  act(() => server.links[0]?.close());
  await settle();
  expect(container.textContent).toBe('Error: closed');
  expect(takeRenderErrors()).toHaveLength(1);
  rerender(view(2));
  expect(container.textContent).toBe('connecting');
  await settle();
  expect(container.textContent).toBe('open');
});
