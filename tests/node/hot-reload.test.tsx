// @vitest-environment jsdom
import { act, type ComponentType, type ReactNode } from 'react';
import refresh from 'react-refresh/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestServer, type TestServer } from '../../src/testing.ts';

// React looks for the hook of hot reload when it is imported.
refresh.injectIntoGlobalHook(window);
const { createRoot } = await import('react-dom/client');
const { useMessage, useWebSocket, WebSocketProvider } = await import('../../src/index.ts');

let server: TestServer;
let received: string[];

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  received = [];
  server = createTestServer();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Renders a component in a tree and replaces it by another version, as a bundler does. The server sends before and after. */
async function reload(
  first: ComponentType,
  second: ComponentType,
  treeOf: (Component: ComponentType) => ReactNode,
): Promise<string> {
  const container = document.createElement('div');
  const root = createRoot(container);
  refresh.register(first, first.name);
  await act(async () => root.render(treeOf(first)));
  const before = await server.connected();
  server.send('before');
  refresh.register(second, first.name);
  await act(async () => void refresh.performReactRefresh());
  await server.advance(1_000);
  server.send('after');
  expect(server.clients).toEqual([before]);
  const { textContent } = container;
  await act(async () => root.unmount());
  return textContent;
}

const listenerOf = (version: string) => (text: unknown) =>
  received.push(`${version}: ${String(text)}`);

function useLink(version: string) {
  const { url, ...options } = server.options;
  return useWebSocket(url, { ...options, onMessage: listenerOf(version) });
}

function Owner() {
  return <p>{useLink('old').status}</p>;
}
function NextOwner() {
  return <b>now {useLink('new').status}</b>;
}

test('a hot reload keeps the link of a component, and calls its new handlers (fault 49)', async () => {
  expect(await reload(Owner, NextOwner, (Component) => <Component />)).toBe('now open');
  expect(received).toEqual(['old: before', 'new: after']);
});

function Reader() {
  useMessage(listenerOf('old'));
  return <p>{useWebSocket().lastMessage as string}</p>;
}
function NextReader() {
  useMessage(listenerOf('new'));
  return <b>now {useWebSocket().lastMessage as string}</b>;
}

test('a hot reload below a provider keeps the link, and loses no message (fault 49)', async () => {
  const shown = await reload(Reader, NextReader, (Component) => (
    <WebSocketProvider {...server.options}>
      <Component />
    </WebSocketProvider>
  ));
  expect(shown).toBe('now after');
  expect(received).toEqual(['old: before', 'new: after']);
});
