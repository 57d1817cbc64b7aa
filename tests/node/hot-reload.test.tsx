// @vitest-environment jsdom
import { type Client, Server, WebSocket } from 'mock-socket';
import { act, type ComponentType, type ReactNode } from 'react';
import refresh from 'react-refresh/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// React looks for the hook of hot reload when it is imported.
refresh.injectIntoGlobalHook(window);
const { createRoot } = await import('react-dom/client');
const { useMessage, useWebSocket, WebSocketProvider } = await import('../../src/index.ts');

const url = 'ws://reloaded.test/';
let server: Server;
let links: Client[];
let received: string[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', WebSocket);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  links = [];
  received = [];
  server = new Server(url, { mock: false });
  server.on('connection', (link) => links.push(link));
});

afterEach(() => {
  server.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => act(() => vi.advanceTimersByTimeAsync(300));

const serverSends = async (text: string) => {
  act(() => {
    for (const link of links) link.send(text);
  });
  await settle();
};

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
  await settle();
  await serverSends('before');
  refresh.register(second, first.name);
  await act(async () => void refresh.performReactRefresh());
  await settle();
  await serverSends('after');
  const { textContent } = container;
  await act(async () => root.unmount());
  return textContent;
}

const listenerOf = (version: string) => (text: unknown) =>
  received.push(`${version}: ${String(text)}`);

function Owner() {
  return <p>{useWebSocket(url, { onMessage: listenerOf('old') }).status}</p>;
}
function NextOwner() {
  return <b>now {useWebSocket(url, { onMessage: listenerOf('new') }).status}</b>;
}

test('a hot reload keeps the link of a component, and calls its new handlers (fault 49)', async () => {
  expect(await reload(Owner, NextOwner, (Component) => <Component />)).toBe('now open');
  expect(received).toEqual(['old: before', 'new: after']);
  expect(links).toHaveLength(1);
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
    <WebSocketProvider url={url}>
      <Component />
    </WebSocketProvider>
  ));
  expect(shown).toBe('now after');
  expect(received).toEqual(['old: before', 'new: after']);
  expect(links).toHaveLength(1);
});
