import { render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createConnection, WebSocketProvider } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';
import { advance, serve, settle, setup, takeRenderErrors } from '../support/react/harness.ts';
import { Boundary } from '../support/react/boundary.tsx';
import { DataOf, Everybody, OnlineMark } from '../support/react/presence.tsx';

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
  expect(shown('everybody')).toBe('unknown');
  await settle();
  expect(shown('everybody')).toBe('unknown');
  server.send(everybody('ada', 'grace'));
  expect(shown('everybody')).toBe('ada, grace');
  server.send(left('grace'), came('alan'));
  expect(shown('everybody')).toBe('ada, alan');
  server.send(left('ada', 'alan'));
  expect(shown('everybody')).toBe('nobody');
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
  expect(shown('mark of grace')).toBe('unknown');
  server.send(everybody('ada', 'alan'));
  expect(shown('mark of grace')).toBe('off');
  onRender.mockClear();
  server.send(came('tim'), left('alan'));
  expect(onRender).not.toHaveBeenCalled();
  server.send(came('grace'));
  expect(shown('mark of grace')).toBe('on');
  expect(shown('mark of null')).toBe('unknown');
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

test('the render with a new scope knows nobody', async () => {
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
  expect(shown('everybody')).toBe('unknown');
  expect(shown('mark of grace')).toBe('unknown');
});

test('usePresence({ topic }) returns who is in a topic, and follows a topic that changes', async () => {
  const server = serve();
  const tree = (topic: string | null) => (
    <WebSocketProvider url={server.url} heartbeat={heartbeat} linger={0}>
      <Everybody topic={topic} />
      <OnlineMark id="grace" topic={topic} />
    </WebSocketProvider>
  );
  const inRoom = (topic: string, ...online: string[]) =>
    JSON.stringify({ lifeline: 'presence', id: 'ada', topic, online });
  const { rerender } = render(tree('a'));
  await settle();
  server.send(inRoom('a', 'ada', 'grace'));
  expect([shown('everybody'), shown('mark of grace')]).toEqual(['ada, grace', 'on']);
  rerender(tree('b'));
  expect([shown('everybody'), shown('mark of grace')]).toEqual(['unknown', 'unknown']);
  server.send(inRoom('b'));
  expect([shown('everybody'), shown('mark of grace')]).toEqual(['nobody', 'off']);
  rerender(tree(null));
  await advance(10);
  expect([shown('everybody'), shown('mark of grace')]).toEqual(['unknown', 'unknown']);
  expect(server.received.filter((frame) => !frame.includes('ping'))).toEqual([
    '{"lifeline":"watch","topic":"a"}',
    '{"lifeline":"watch","topic":"b"}',
    '{"lifeline":"unwatch","topic":"a"}',
    '{"lifeline":"unwatch","topic":"b"}',
  ]);
});

test('an id that is undefined by mistake asks for nobody, and not for everybody', async () => {
  const server = serve();
  render(
    <WebSocketProvider url={server.url} heartbeat={heartbeat}>
      <OnlineMark id={undefined as never} topic="a" />
    </WebSocketProvider>,
  );
  await settle();
  expect(shown('mark of undefined')).toBe('unknown');
  expect(server.received.filter((frame) => !frame.includes('ping'))).toEqual([]);
});

test('usePresenceData() returns the public data of one person, and renders only for those', async () => {
  const server = serve();
  const onRender = vi.fn<() => void>();
  render(
    <WebSocketProvider url={server.url} heartbeat={heartbeat}>
      <DataOf id="grace" onRender={onRender} />
      <DataOf id={null} />
    </WebSocketProvider>,
  );
  await settle();
  const list = { lifeline: 'presence', id: 'ada', online: ['ada', 'grace'] };
  server.send(JSON.stringify({ ...list, data: { grace: { name: 'Grace' } } }));
  expect([shown('data of grace'), shown('data of null')]).toEqual(['{"name":"Grace"}', 'null']);
  onRender.mockClear();
  server.send(JSON.stringify({ lifeline: 'online', ids: ['tim'], data: { tim: 1 } }));
  server.send(JSON.stringify({ ...list, data: { grace: { name: 'Grace' } } }));
  expect(onRender).not.toHaveBeenCalled();
  server.send(left('grace'));
  expect(shown('data of grace')).toBe('null');
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
