import { render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createConnection, WebSocketProvider } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';
import { advance, serve, settle, setup, takeRenderErrors } from '../support/react/harness.ts';
import { Boundary } from '../support/react/boundary.tsx';
import { Everybody, OnlineMark } from '../support/react/presence.tsx';

setup();

const heartbeat = lifeline({ id: 'ada' });
const shown = (id: string) => screen.getByTestId(id).textContent;
const everybody = (...online: string[]) =>
  JSON.stringify({ lifeline: 'presence', id: 'ada', online });
const came = (...ids: string[]) => JSON.stringify({ lifeline: 'online', ids });
const left = (...ids: string[]) => JSON.stringify({ lifeline: 'offline', ids });

test('usePresence() returns who is online, and renders when that changes', async () => {
  const server = serve();
  render(
    <WebSocketProvider url={server.url} heartbeat={heartbeat}>
      <Everybody />
    </WebSocketProvider>,
  );
  expect(shown('everybody')).toBe('nobody');
  await settle();
  server.send(everybody('ada', 'grace'));
  expect(shown('everybody')).toBe('ada, grace');
  server.send(left('grace'), came('alan'));
  expect(shown('everybody')).toBe('ada, alan');
});

test('a component that asks about one person does not render for others', async () => {
  const server = serve();
  const onRender = vi.fn<() => void>();
  render(
    <WebSocketProvider url={server.url} heartbeat={heartbeat}>
      <OnlineMark id="grace" onRender={onRender} />
      <OnlineMark id={null} />
    </WebSocketProvider>,
  );
  await settle();
  onRender.mockClear();
  server.send(everybody('ada', 'alan'), came('tim'), left('alan'));
  expect(onRender).not.toHaveBeenCalled();
  server.send(came('grace'));
  expect(shown('mark of grace')).toBe('on');
  expect(shown('mark of null')).toBe('off');
  expect(onRender).toHaveBeenCalledOnce();
});

test('usePresence() does not render for messages, pongs or a lost link', async () => {
  const server = serve();
  const onRender = vi.fn<() => void>();
  render(
    <WebSocketProvider url={server.url} heartbeat={heartbeat}>
      <Everybody onRender={onRender} />
    </WebSocketProvider>,
  );
  await settle();
  onRender.mockClear();
  server.send('hello', '{"lifeline":"pong","timestamp":1}');
  await server.drop(1006);
  await advance(300);
  expect(onRender).not.toHaveBeenCalled();
});

test('the server gets one watch frame for all components, also in StrictMode, and an unwatch frame after the last one', async () => {
  const server = serve();
  const tree = (children: number) => (
    <StrictMode>
      <WebSocketProvider url={server.url} heartbeat={heartbeat} linger={100}>
        {Array.from({ length: children }, (_, key) => (
          <OnlineMark key={key} id={`${key}`} />
        ))}
      </WebSocketProvider>
    </StrictMode>
  );
  const requests = () => server.received.filter((frame) => !frame.includes('ping'));
  const { rerender } = render(tree(3));
  await settle();
  rerender(tree(1));
  await advance(200);
  expect(requests()).toEqual(['{"lifeline":"watch"}']);
  rerender(tree(0));
  await advance(200);
  expect(requests()).toEqual(['{"lifeline":"watch"}', '{"lifeline":"unwatch"}']);
});

test('the render with a new scope shows nobody online', async () => {
  const first = serve();
  const second = serve();
  const tree = (url: string) => (
    <WebSocketProvider url={url} heartbeat={heartbeat}>
      <Everybody />
      <OnlineMark id="grace" />
    </WebSocketProvider>
  );
  const { rerender } = render(tree(first.url));
  await settle();
  first.send(everybody('ada', 'grace'));
  expect(shown('mark of grace')).toBe('on');
  rerender(tree(second.url));
  expect(shown('everybody')).toBe('nobody');
  expect(shown('mark of grace')).toBe('off');
});

test('usePresence() uses a given connection instead of the provider', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url, heartbeat });
  onTestFinished(() => connection.close());
  connection.open();
  render(<Everybody connection={connection} />);
  await settle();
  server.send(everybody('grace'));
  expect(shown('everybody')).toBe('grace');
});

test('usePresence() throws an error that asks for lifeline() when the connection has another heartbeat', async () => {
  const server = serve();
  render(
    <Boundary>
      <WebSocketProvider url={server.url} heartbeat>
        <Everybody />
      </WebSocketProvider>
    </Boundary>,
  );
  await settle();
  expect(takeRenderErrors()).toEqual([
    'Error: usePresence() needs heartbeat={lifeline()} on its connection.',
  ]);
});
