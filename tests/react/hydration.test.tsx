import { act, fireEvent, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, test, vi } from 'vitest';
import { createConnection, type EventHandler, WebSocketProvider } from '../../src/index.ts';
import { Asker } from '../support/react/children.tsx';
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

/** What a server sends. The old React takes the document here for a sign that this is none, and warns. */
function renderOnServer(element: React.JSX.Element): string {
  const html = renderToString(element);
  const others = takeReports().filter(
    (report) => !/useLayoutEffect does nothing/.test(String(report)),
  );
  expect(others).toEqual([]);
  return html;
}

/** Hydrates what was rendered before, as a page from a server. */
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

describe.each(Object.entries(views))('fault 48: %s', (_name, view) => {
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
    expect(server.dialled).toHaveLength(1);
  });
});

test('fault 48: hydrates as connecting where the connection is open already, and shows it then', async () => {
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
  expect(server.dialled).toHaveLength(1);
  act(() => connection.close());
  await settle();
});

test('fault 48: what is off hydrates as idle', async () => {
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

test('the first read in a handler gives the present value after a hydration too', async () => {
  const server = serve();
  const onAnswer = vi.fn<(answer: unknown) => void>();
  hydrate(
    <WebSocketProvider url={server.url}>
      <Asker onAnswer={onAnswer} />
    </WebSocketProvider>,
  );
  await settle();
  server.send('news');
  fireEvent.click(screen.getByRole('button'));
  expect(onAnswer).toHaveBeenLastCalledWith(['open', 0, 'news']);
});

test('a hydrated component renders for the fields that it reads, and for no others', async () => {
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

test('handlers hear every message after a hydration', async () => {
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
