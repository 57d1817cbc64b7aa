import { act, fireEvent, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, test, vi } from 'vitest';
import { createConnection, type EventHandler, WebSocketProvider } from '../../src/index.ts';
import { ClickReader } from '../support/react/children.tsx';
import { IdReader, LiveId } from '../support/react/ids.tsx';
import { advance, serve, settle, setup, type TestServer } from '../support/react/harness.ts';
import { Listener } from '../support/react/listeners.tsx';
import {
  ALL,
  GivenReader,
  type OnRender,
  OwnReader,
  Reader,
  type Seen,
} from '../support/react/readers.tsx';
import { takeReports } from '../support/reports.ts';

setup();

/** The HTML that a server sends. */
function renderOnServer(element: React.JSX.Element): string {
  const html = renderToString(element);
  expect(takeReports()).toEqual([]);
  return html;
}

/** Hydrates HTML rendered by a server. */
function hydrate(element: React.JSX.Element, html = renderOnServer(element)) {
  const container = document.createElement('div');
  container.innerHTML = html;
  document.body.append(container);
  return render(element, { container, hydrate: true });
}

const views = {
  'a provider': (server: TestServer, onRender?: OnRender) => (
    <WebSocketProvider url={server.url}>
      <Reader read={ALL} onRender={onRender} />
    </WebSocketProvider>
  ),
  'a component with its own url': (server: TestServer, onRender?: OnRender) => (
    <OwnReader url={server.url} read={ALL} onRender={onRender} />
  ),
  'a component with a given connection': (server: TestServer, onRender?: OnRender) => (
    <GivenReader
      connection={createConnection({ url: server.url })}
      read={ALL}
      onRender={onRender}
    />
  ),
};

describe.each(Object.entries(views))('%s (fault 48)', (_name, view) => {
  test.each([
    ['', false],
    [' in StrictMode', true],
  ])('hydrates as connecting without a warning, then connects once%s', async (_mode, strict) => {
    const server = serve();
    const seen: Seen[] = [];
    const element = view(server, (fields) => void seen.push(fields));
    const { container } = hydrate(strict ? <StrictMode>{element}</StrictMode> : element);
    expect(container.textContent).toBe('connecting 0 0 null null null null');
    await settle();
    server.send('hello');
    expect(container.textContent).toBe('open 1 0 null null null hello');
    expect(seen[0]?.status).toBe('connecting');
    expect(server.handshakes).toHaveLength(1);
  });
});

test('a component with an open connection hydrates as connecting, then shows open (fault 48)', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url });
  const seen: Seen[] = [];
  const element = (
    <>
      <GivenReader
        connection={connection}
        read={['status', 'lastMessage']}
        onRender={(fields) => void seen.push(fields)}
      />
      <WebSocketProvider connection={connection}>
        <Reader read={['readyState', 'lastMessage']} />
      </WebSocketProvider>
    </>
  );
  const html = renderOnServer(element);
  expect(html).toBe('<p>connecting null</p><p>0 null</p>');

  connection.open();
  await settle();
  server.send('early');
  const { container } = hydrate(element, html);
  expect(seen[0]).toEqual({ status: 'connecting', lastMessage: null });
  expect(container.textContent).toBe('open early1 early');
  server.send('later');
  await advance(300);
  expect(container.textContent).toBe('open later1 later');
  expect(server.handshakes).toHaveLength(1);
  act(() => connection.close());
  await settle();
});

test('components without a url, or not enabled, hydrate as idle (fault 48)', async () => {
  const element = (
    <>
      <OwnReader url={null} />
      <OwnReader url="ws://nowhere.test/" enabled={false} />
      <WebSocketProvider>
        <Reader />
      </WebSocketProvider>
    </>
  );
  const { container } = hydrate(element);
  expect(container.innerHTML).toBe('<p>idle</p><p>idle</p><p>idle</p>');
  await settle();
  expect(container.textContent).toBe('idleidleidle');
});

test('a field first read in a handler has its current value after hydration', async () => {
  const server = serve();
  const onRead = vi.fn<(fields: unknown) => void>();
  hydrate(
    <WebSocketProvider url={server.url}>
      <ClickReader onRead={onRead} />
    </WebSocketProvider>,
  );
  await settle();
  server.send('news');
  fireEvent.click(screen.getByRole('button'));
  expect(onRead).toHaveBeenLastCalledWith(['open', 0, 'news']);
});

test('a hydrated component renders only for the fields that it reads', async () => {
  const server = serve();
  const onRender = vi.fn<OnRender>();
  const nothing = vi.fn<OnRender>();
  hydrate(
    <WebSocketProvider url={server.url}>
      <Reader read={['status']} onRender={onRender} />
      <Reader read={[]} onRender={nothing} />
    </WebSocketProvider>,
  );
  await settle();
  server.send('a');
  await advance(300);
  server.send('b');
  await advance(300);
  expect(onRender.mock.calls.map(([{ status }]) => status)).toEqual(['connecting', 'open']);
  expect(nothing).toHaveBeenCalledTimes(1);
});

test('handlers get every message after hydration', async () => {
  const server = serve();
  const handler = vi.fn<EventHandler<'message'>>();
  server.onLink = (link) => link.send('welcome');
  hydrate(
    <WebSocketProvider url={server.url}>
      <Listener onMessage={handler} />
    </WebSocketProvider>,
  );
  await settle();
  expect(handler.mock.calls).toEqual([['welcome']]);
});

describe.each([
  ['read in render', IdReader],
  ['subscribed to', LiveId],
])('the id of a connection, %s (fault 77)', (_how, Id) => {
  test.each([
    ['of a component of its own', (server: TestServer) => <Id url={server.url} />],
    [
      'that was given',
      (server: TestServer) => <Id connection={createConnection({ url: server.url })} />,
    ],
  ])("%s hydrates as '', without a warning, and is a UUID in the end", async (_whose, view) => {
    const server = serve();
    const element = view(server);
    const html = renderOnServer(element);
    expect(html).toBe('<p> connecting</p>');
    const { container } = hydrate(element, html);
    await settle();
    expect(container.textContent).toMatch(/^[0-9a-f-]{36} open$/);
    expect(server.handshakes).toHaveLength(1);
  });
});

test("the id of a connection that is open already hydrates as '' where it is subscribed to (fault 77)", async () => {
  const server = serve();
  const connection = createConnection({ url: server.url });
  const element = <LiveId connection={connection} />;
  const html = renderOnServer(element);
  connection.open();
  await settle();
  const { container } = hydrate(element, html);
  expect(container.textContent).toBe(`${connection.id} open`);
  act(() => connection.close());
  await settle();
});
