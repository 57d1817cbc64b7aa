import { expect, test, vi } from 'vitest';
import {
  type AttemptListener,
  type AttemptOptions,
  type WebSocketConstructor,
} from '../../../src/core/link/link.ts';
import { startAttempt } from '../../../src/core/link/websocket-link.ts';
import { SimulatedClock } from '../../support/simulation/clock.ts';
import { SimulatedNetwork } from '../../support/simulation/network.ts';
import { settle, URL_A } from '../../support/simulation/world.ts';

/** An attempt on a simulated network, and what it says. */
function attempt(options: Partial<AttemptOptions> = {}) {
  const network = new SimulatedNetwork(new SimulatedClock());
  const heard: unknown[] = [];
  const listener: AttemptListener = {
    resolved: (address) => heard.push(['resolved', address]),
    opened: () => heard.push('opened'),
    lost: () => heard.push('lost'),
    received: (frame) => heard.push(['received', frame]),
  };
  const started = startAttempt(
    { url: URL_A, binaryType: 'arraybuffer', WebSocket: network.WebSocket, ...options },
    { attempt: 0, cause: null },
    listener,
  );
  return { network, heard, started };
}

test('tells of the address, the opening, the frames and the end', () => {
  const { network, heard } = attempt();
  network.server.accepts();
  network.server.sends('a', 'b');
  network.server.closesWith(1001);
  expect(heard).toEqual([
    ['resolved', URL_A],
    'opened',
    ['received', 'a'],
    ['received', 'b'],
    'lost',
  ]);
});

test('dials a fixed url in the same tick, and one of a function later', async () => {
  expect(attempt().network.sockets).toHaveLength(1);
  const { network } = attempt({ url: () => URL_A });
  expect(network.sockets).toHaveLength(0);
  await settle();
  expect(network.sockets).toHaveLength(1);
});

test('let go, it closes the socket, listens to nothing but errors and says nothing more', () => {
  const { network, heard, started } = attempt();
  network.server.accepts();
  heard.length = 0;
  started.discard();
  expect(network.socket.closedWith).toEqual({ code: 1000, reason: undefined });
  expect(network.listeners).toBe(0);
  network.server.sends('late');
  network.server.breaks();
  expect(heard).toEqual([]);
});

test('says nothing more even to a class that goes on calling removed listeners', () => {
  const { network, heard, started } = attempt();
  network.socket.removeEventListener = () => {};
  heard.length = 0;
  started.discard();
  network.server.accepts();
  network.server.sends('late');
  network.server.breaks();
  expect(heard).toEqual([]);
});

test('keeps a silent error listener on a socket that was let go', () => {
  const { network, started } = attempt();
  started.discard();
  expect(network.socket.listenersOf('error')).toBe(1);
});

test.each<[string, unknown]>([
  ['has none of its methods', Map],
  ['is no class', () => ({})],
])('a class of sockets that %s is refused', async (_, WebSocket) => {
  for (const url of [URL_A, () => URL_A]) {
    const { heard } = attempt({ url, WebSocket: WebSocket as WebSocketConstructor });
    await settle();
    expect(heard).toEqual([['resolved', URL_A], 'lost']);
  }
});

test('let go before the url is known, it makes no socket', async () => {
  const { network, started } = attempt({ url: async () => URL_A });
  started.discard();
  await settle();
  expect(network.sockets).toHaveLength(0);
});

test('dials nothing where a function has no url, whatever it calls that', async () => {
  for (const url of [null, undefined]) {
    const { network, heard } = attempt({ url: () => url });
    await settle();
    expect(network.sockets).toHaveLength(0);
    expect(heard).toEqual([['resolved', null]]);
  }
});

test('waits for the protocols of a function although the url is fixed', async () => {
  const { network } = attempt({ protocols: () => 'token.1' });
  await settle();
  expect(network.socket.protocols).toBe('token.1');
});

test.each([
  ['ws://a.test/x?y#z', 'ws://a.test/x?y#z'],
  ['ws://a.test', 'ws://a.test'],
  ['WSS://a.test', 'WSS://a.test'],
  ['http://a.test/?next=ws://b.test', 'ws://a.test/?next=ws://b.test'],
  ['http://a.test/x', 'ws://a.test/x'],
  ['https://a.test/x', 'wss://a.test/x'],
  ['//a.test/x', 'ws://a.test/x'],
  ['http://[', 'http://['],
])('%s is dialled as %s', (url, dialled) =>
  expect(attempt({ url }).network.socket.url).toBe(dialled),
);

test('a relative url is relative to the <base> of the page', () => {
  const base = document.createElement('base');
  base.href = 'https://a.test/app/';
  document.head.append(base);
  try {
    expect(attempt({ url: 'live' }).network.socket.url).toBe('wss://a.test/app/live');
  } finally {
    base.remove();
  }
});

test('in a worker, which has no document, it is relative to the location', () => {
  vi.stubGlobal('document', undefined);
  vi.stubGlobal('location', { href: 'https://a.test/app/worker.js' });
  expect(attempt({ url: 'live' }).network.socket.url).toBe('wss://a.test/app/live');
});

test('where there is neither, an http url is resolved and a relative one left to be refused', () => {
  vi.stubGlobal('document', undefined);
  vi.stubGlobal('location', undefined);
  expect(attempt({ url: 'http://a.test/x' }).network.socket.url).toBe('ws://a.test/x');
  expect(attempt({ url: '/x' }).network.socket.url).toBe('/x');
});

test.each([
  ['wss://ada:pass@a.test/x?token#f', 'wss://a.test/x'],
  ['wss://a.test/@ada/x', 'wss://a.test/@ada/x'],
  // Nowhere to resolve it against, it has no scheme.
  ['//ada:pass@a.test:x/y', '//a.test:x/y'],
])('what is told of %s is %s', (url, place) =>
  expect(attempt({ url }).heard[0]).toEqual(['resolved', place]),
);
