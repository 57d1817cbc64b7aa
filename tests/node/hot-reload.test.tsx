// @vitest-environment jsdom
import { type Client, Server, WebSocket } from 'mock-socket';
import { act, type ComponentType, type ReactNode } from 'react';
import refresh from 'react-refresh/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// React looks for the hook of hot reload when it is loaded.
refresh.injectIntoGlobalHook(window);
const { createRoot } = await import('react-dom/client');
const { useMessage, useWebSocket, WebSocketProvider } = await import('../../src/index.ts');

const url = 'ws://reloaded.test/';
let server: Server;
let links: Client[];
let heard: string[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', WebSocket);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  links = [];
  heard = [];
  server = new Server(url, { mock: false });
  server.on('connection', (link) => links.push(link));
});

afterEach(() => {
  server.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => act(() => vi.advanceTimersByTimeAsync(300));

const says = async (text: string) => {
  act(() => {
    for (const link of links) link.send(text);
  });
  await settle();
};

/** Renders a component in a tree, puts another version in its place as a bundler would, and lets the server speak. */
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
  await says('before');
  refresh.register(second, first.name);
  await act(async () => void refresh.performReactRefresh());
  await settle();
  await says('after');
  const { textContent } = container;
  await act(async () => root.unmount());
  return textContent;
}

const hears = (version: string) => (text: unknown) => heard.push(`${version}: ${String(text)}`);

function Owner() {
  return <p>{useWebSocket(url, { onMessage: hears('old') }).status}</p>;
}
function NextOwner() {
  return <b>now {useWebSocket(url, { onMessage: hears('new') }).status}</b>;
}

test('fault 49: a hot reload keeps the link of a component, and calls its new handlers', async () => {
  expect(await reload(Owner, NextOwner, (Component) => <Component />)).toBe('now open');
  expect(heard).toEqual(['old: before', 'new: after']);
  expect(links).toHaveLength(1);
});

function Reader() {
  useMessage(hears('old'));
  return <p>{useWebSocket().lastMessage as string}</p>;
}
function NextReader() {
  useMessage(hears('new'));
  return <b>now {useWebSocket().lastMessage as string}</b>;
}

test('fault 49: a hot reload below a provider keeps the link, and misses no message', async () => {
  const shown = await reload(Reader, NextReader, (Component) => (
    <WebSocketProvider url={url}>
      <Component />
    </WebSocketProvider>
  ));
  expect(shown).toBe('now after');
  expect(heard).toEqual(['old: before', 'new: after']);
  expect(links).toHaveLength(1);
});
