// @vitest-environment jsdom
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { listen } from '../support/listen.ts';
import { eventually } from '../support/recorded-connection.ts';
import { test } from './fixtures.ts';

// As in React Native, and with a test renderer: React renders on a client, and there is no document. This DOM has one of
// its own, which the library does not see.
const { body } = document;
vi.stubGlobal('document', undefined);
const { WebSocketProvider } = await import('../../src/index.ts');
const { EffectActor, LayoutActor } = await import('../support/react/effects.tsx');
const { Reader } = await import('../support/react/readers.tsx');

let root: ReturnType<typeof createRoot>;
const render = (element: ReactNode) => act(async () => root.render(element));

beforeEach(() => {
  vi.stubGlobal('document', undefined);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  root = createRoot(body);
});

afterEach(async () => {
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
});

/** Waits, inside act(), until a condition holds. */
const until = (condition: () => unknown) => act(() => vi.waitFor(condition, eventually));

test.for([
  ['an effect', EffectActor],
  ['a layout effect', LayoutActor],
] as const)(
  'without a document, what a child sends in %s as the user changes goes to the new link (fault 54)',
  async ([, Actor], { server }) => {
    const send: Parameters<typeof Actor>[0]['act'] = (socket, user) => void socket.send(user);
    const view = (user: string) => (
      <WebSocketProvider url={`${server.url}?user=${user}`} WebSocket={WebSocket}>
        <Actor user={user} act={send} />
        <Reader />
      </WebSocketProvider>
    );
    await render(view('ada'));
    await until(async () => expect(await server.heard()).toEqual(['ada']));
    await render(view('bob'));
    await until(async () => expect(await server.heard()).toEqual(['ada', 'bob']));
    const { requests, open } = await server.report();
    expect(requests.map((path) => path.replace(/.*\?/, ''))).toEqual(['user=ada', 'user=bob']);
    expect(open).toBe(1);
  },
);

test('ten remounts of a provider in a row leave one link at the server (fault 55)', async ({
  server,
}) => {
  const view = (key: number) => (
    <WebSocketProvider key={key} url={server.url} WebSocket={WebSocket}>
      <Reader />
    </WebSocketProvider>
  );
  for (let key = 0; key < 10; key++) {
    await render(view(key));
    await until(() => expect(body.textContent).toBe('open'));
  }
  await vi.waitFor(async () => expect((await server.report()).open).toBe(1), eventually);
  expect((await server.report()).ever).toBe(10);
});

test('a provider that unmounts while it waits for a retry never connects again (fault 56)', async ({
  onTestFinished,
}) => {
  let connections = 0;
  const listener = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  const port = await listen(listener, 0);
  onTestFinished(() => void listener.close());
  const reconnect = { minDelay: 50, baseDelay: 0 };
  await render(
    <WebSocketProvider url={`ws://127.0.0.1:${port}`} WebSocket={WebSocket} reconnect={reconnect}>
      <Reader read={['status', 'readyState']} />
    </WebSocketProvider>,
  );
  await until(() => expect(connections).toBe(3));
  await until(() => expect(body.textContent).toBe('reconnecting 3'));
  await render(null);
  const before = connections;
  await delay(300);
  expect(connections).toBe(before);
});
