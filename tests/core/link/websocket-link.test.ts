import { describe, expect, test, vi } from 'vitest';
import {
  type AttemptListener,
  type AttemptOptions,
  type WebSocketConstructor,
} from '../../../src/core/link/link.ts';
import { startAttempt } from '../../../src/core/link/websocket-link.ts';
import type { Cause } from '../../../src/core/machine/cause.ts';
import { createClock } from '../../../src/core/platform/clock.ts';
import { SimulatedClock } from '../../../src/testing/simulation/clock.ts';
import { SimulatedNetwork } from '../../../src/testing/simulation/network.ts';
import { settle, URL_A } from '../../support/simulation/world.ts';
import { inPage } from '../../support/in-page.ts';

/** Starts an attempt on a simulated network, and collects what it reports. */
function attempt(options: Partial<AttemptOptions> = {}) {
  const clock = new SimulatedClock();
  const network = new SimulatedNetwork(clock);
  const reports: unknown[] = [];
  const listener: AttemptListener = {
    resolved: (address) => reports.push(['resolved', address]),
    threw: (error) => reports.push(['threw', error]),
    opened: () => reports.push('opened'),
    lost: () => reports.push('lost'),
    received: (frame) => reports.push(['received', frame]),
  };
  const started = startAttempt(
    {
      url: URL_A,
      binaryType: 'arraybuffer',
      closeTimeout: 3_000,
      WebSocket: network.WebSocket,
      ...options,
    },
    { attempt: 0, cause: null },
    clock,
    listener,
  );
  return { clock, network, reports, started };
}

test('an attempt reports the address, the opening, the frames and the end', () => {
  const { network, reports } = attempt();
  network.server.accepts();
  network.server.sends('a', 'b');
  network.server.closesWith(1001);
  expect(reports).toEqual([
    ['resolved', URL_A],
    'opened',
    ['received', 'a'],
    ['received', 'b'],
    'lost',
  ]);
});

test('a socket is made in the same tick for a fixed url, and later for a url function', async () => {
  expect(attempt().network.sockets).toHaveLength(1);
  const { network } = attempt({ url: () => URL_A });
  expect(network.sockets).toHaveLength(0);
  await settle();
  expect(network.sockets).toHaveLength(1);
});

test('an abandoned attempt closes its socket, removes all listeners but one for errors, and reports nothing more', () => {
  const { network, reports, started } = attempt();
  network.server.accepts();
  reports.length = 0;
  started.discard();
  expect(network.socket.closedWith).toEqual({ code: 1000, reason: undefined });
  expect(network.listeners).toBe(0);
  network.server.sends('late');
  network.server.breaks();
  expect(reports).toEqual([]);
});

test('an abandoned attempt reports nothing more, even if the socket still calls removed listeners', () => {
  const { network, reports, started } = attempt();
  network.socket.removeEventListener = () => {};
  reports.length = 0;
  started.discard();
  network.server.accepts();
  network.server.sends('late');
  network.server.breaks();
  expect(reports).toEqual([]);
});

test('an abandoned socket keeps an error listener that does nothing', () => {
  const { network, started } = attempt();
  started.discard();
  expect(network.socket.listenersOf('error')).toBe(1);
});

test.each<[string, unknown]>([
  ['has none of the methods of a WebSocket', Map],
  ['is no class', () => ({})],
])('an attempt fails with a WebSocket class that %s', async (_, WebSocket) => {
  for (const url of [URL_A, () => URL_A]) {
    const { reports } = attempt({ url, WebSocket: WebSocket as WebSocketConstructor });
    await settle();
    expect(reports).toEqual([['resolved', URL_A], 'lost']);
  }
});

test('an attempt abandoned before the url is known makes no socket', async () => {
  const { network, started } = attempt({ url: async () => URL_A });
  started.discard();
  await settle();
  expect(network.sockets).toHaveLength(0);
});

test('an attempt makes no socket if the url function returns null or undefined', async () => {
  for (const url of [null, undefined]) {
    const { network, reports } = attempt({ url: () => url });
    await settle();
    expect(network.sockets).toHaveLength(0);
    expect(reports).toEqual([['resolved', null]]);
  }
});

test('an attempt waits for a protocols function, even if the url is fixed', async () => {
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
  ['http://[', 'ws://['],
])('the url %s becomes %s', (url, dialled) =>
  expect(attempt({ url }).network.socket.url).toBe(dialled),
);

test('an http url becomes ws where a URL has no setters, and puts a slash behind a path (fault 139)', () => {
  const NativeURL = class {
    readonly href: string;
    constructor(url: string) {
      this.href = `${url}/`;
    }
  };
  vi.stubGlobal('URL', NativeURL);
  expect(attempt({ url: 'https://a.test/x' }).network.socket.url).toBe('wss://a.test/x');
});

test.runIf(inPage)('a relative url is relative to the <base> of the page', () => {
  const base = document.createElement('base');
  base.href = 'https://a.test/app/';
  document.head.append(base);
  try {
    expect(attempt({ url: 'live' }).network.socket.url).toBe('wss://a.test/app/live');
    expect(attempt({ url: '//b.test/x' }).network.socket.url).toBe('wss://b.test/x');
  } finally {
    base.remove();
  }
});

test('a relative url in a worker is relative to the location', () => {
  vi.stubGlobal('document', undefined);
  vi.stubGlobal('location', { href: 'https://a.test/app/worker.js' });
  expect(attempt({ url: 'live' }).network.socket.url).toBe('wss://a.test/app/live');
});

test('without document and location, an http url becomes ws, and a relative one is passed on to the constructor', () => {
  vi.stubGlobal('document', undefined);
  vi.stubGlobal('location', undefined);
  expect(attempt({ url: 'http://a.test/x' }).network.socket.url).toBe('ws://a.test/x');
  expect(attempt({ url: '/x' }).network.socket.url).toBe('/x');
});

test.each([
  ['wss://ada:pass@a.test/x?token#f', 'wss://a.test/x'],
  ['wss://a.test/@ada/x', 'wss://a.test/@ada/x'],
  // An invalid url cannot be resolved, so it has no scheme.
  ['//ada:pass@a.test:x/y', '//a.test:x/y'],
])('the reported address of %s is %s', (url, place) =>
  expect(attempt({ url }).reports[0]).toEqual(['resolved', place]),
);

/** A class of sockets with the methods that `ws` has beyond the standard, and a record of their calls. */
function likeWs({ WebSocket }: SimulatedNetwork) {
  const calls: string[] = [];
  const answers: ((request: unknown, response: object) => void)[] = [];
  class WsSocket extends WebSocket {
    override close(code?: number): void {
      super.close(code);
      calls.push(`close ${code}`);
    }
    terminate(): void {
      calls.push('terminate');
    }
    on(type: string, listener: (typeof answers)[number]): void {
      calls.push(type);
      answers.push(listener);
    }
  }
  return { WsSocket, calls, answers };
}

describe('a socket that can be terminated (fault 66)', () => {
  function wsAttempt() {
    const network = new SimulatedNetwork(new SimulatedClock());
    const { WsSocket, calls } = likeWs(network);
    const made = attempt({ WebSocket: WsSocket });
    calls.length = 0;
    // The simulated socket belongs to the network of its class.
    return { ...made, network, calls };
  }

  test('gets the close frame, and is terminated after closeTimeout, if it is replaced', () => {
    const { network, clock, started, calls } = wsAttempt();
    network.server.accepts();
    started.discard();
    expect(calls).toEqual(['close 1000']);
    clock.advance(2_999);
    expect(calls).toEqual(['close 1000']);
    clock.advance(1);
    expect(calls).toEqual(['close 1000', 'terminate']);
  });

  test('is terminated in the next task if the peer is dead', () => {
    const { network, clock, started, calls } = wsAttempt();
    network.server.accepts();
    started.discard(true);
    clock.advance(0);
    expect(calls).toEqual(['close 1000', 'terminate']);
  });

  test('is terminated in the next task if its closing handshake has had its time', () => {
    const { network, clock, started, calls } = wsAttempt();
    network.server.accepts();
    network.socket.close(4000);
    started.discard();
    clock.advance(0);
    expect(calls).toEqual(['close 4000', 'close 1000', 'terminate']);
  });

  test('leaves no timer if it is closed already', () => {
    const { network, clock, started, calls } = wsAttempt();
    network.server.accepts();
    network.server.closesWith(1001);
    started.discard();
    expect(clock.pendingTimers).toBe(0);
    expect(calls).toEqual(['close 1000']);
  });

  test('leaves a timer that does not keep the process alive', () => {
    const unref = vi.fn<() => void>();
    const network = new SimulatedNetwork(new SimulatedClock());
    const started = startAttempt(
      {
        url: URL_A,
        binaryType: 'blob',
        closeTimeout: 3_000,
        WebSocket: likeWs(network).WsSocket,
      },
      { attempt: 0, cause: null },
      createClock({ setTimeout: () => ({ unref }) }),
      { resolved() {}, threw() {}, opened() {}, lost() {}, received() {} },
    );
    network.server.accepts();
    started.discard();
    expect(unref).toHaveBeenCalledOnce();
  });
});

test('a socket without terminate() leaves no timer when it is replaced (fault 66)', () => {
  const { network, clock, started } = attempt();
  network.server.accepts();
  started.discard();
  expect(clock.pendingTimers).toBe(0);
});

describe('an answer that is no upgrade (fault 78)', () => {
  function answered(headers: Record<string, string>, isGivenUp = false) {
    const clock = new SimulatedClock();
    const network = new SimulatedNetwork(clock);
    const { WsSocket, answers } = likeWs(network);
    const causes: Cause[] = [];
    const started = startAttempt(
      { url: `${URL_A}?token=1`, binaryType: 'blob', closeTimeout: 1, WebSocket: WsSocket },
      { attempt: 0, cause: null },
      clock,
      {
        resolved() {},
        threw() {},
        opened() {},
        lost: (cause, isFinal) => causes.push(...(isFinal ? [] : [cause])),
        received() {},
      },
    );
    if (isGivenUp) started.discard();
    answers[0]?.({}, { statusCode: 503, headers });
    return causes;
  }

  test('is a failed attempt, whose cause has the status', () => {
    expect(answered({ 'x-secret': '1' })).toStrictEqual([
      { kind: 'error', name: 'HTTP 503', message: `${URL_A} failed: HTTP 503.` },
    ]);
  });

  test('has no effect on an attempt that was given up', () =>
    expect(answered({}, true)).toEqual([]));

  const WALL = new SimulatedClock().wall();
  test.each([
    ['120', 120_000],
    ['0', undefined],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
    ['9'.repeat(400), 86_400_000],
    [new Date(WALL + 90_000).toUTCString(), 90_000],
    [new Date(WALL - 90_000).toUTCString(), undefined],
  ])('with Retry-After: %s gives the cause %s ms to wait', (value, retryAfter) => {
    const [cause] = answered({ 'retry-after': value });
    expect(cause?.kind === 'error' && cause.retryAfter).toBe(retryAfter);
  });
});
