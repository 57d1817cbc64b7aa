import type { TestAPI } from 'vitest';
import { expect, vi } from 'vitest';
import type { ConnectionOptions } from '../../src/core.ts';
import type { Peers } from './peers.ts';
import { reaches } from './reaches.ts';
import { SimulatedClock } from '../../src/testing/simulation/clock.ts';
import { SimulatedSignals } from '../../src/testing/simulation/signals.ts';
import { eventually, SOON, connectWith } from './recorded-connection.ts';

/** A url function that returns a new url for each attempt. */
function newUrls(url: string): () => string {
  let n = 0;
  return () => `${url}?token=${++n}`;
}

/** What is special about a WebSocket class. */
interface Traits {
  /** Whether it tells why an attempt fails. */
  readonly tellsWhy?: boolean;
  /** How many TCP connections it opens for later use when a handshake is abandoned. */
  readonly spares?: number;
}

/**
 * Tests of a connection over a real socket, for Node and for the browser.
 *
 * @param test - Gives each test a server and a proxy.
 * @param WebSocket - The WebSocket class; undefined for that of the platform.
 * @param traits - What is special about it.
 */
export function wireTests(
  test: TestAPI<Peers>,
  WebSocket: ConnectionOptions['WebSocket'],
  { tellsWhy = false, spares = 0 }: Traits = {},
): void {
  const connect = connectWith(WebSocket);
  /** The cause of an attempt that fails in the network. */
  const failed = (name?: string) =>
    tellsWhy && name
      ? { kind: 'error', name }
      : { kind: 'close', code: 1006, reason: '', wasClean: false };

  test('a connection opens, sends what was queued, and gets text and binary in order', async ({
    server,
  }) => {
    const connection = connect({ url: server.url });
    expect(connection.send('queued')).toBe('queued');
    await reaches(connection, 'open');
    expect(connection.send(new Uint8Array([0, 127, 255]))).toBe('sent');
    expect(connection.send('last')).toBe('sent');
    await vi.waitFor(() => expect(connection.messages).toHaveLength(3), eventually);
    expect(connection.messages).toEqual(['queued', Uint8Array.of(0, 127, 255).buffer, 'last']);
    expect(await server.heard()).toEqual(['queued', '<00 7f ff>', 'last']);
    expect(connection.statuses).toEqual(['connecting', 'open']);
  });

  test('a connection cut by the server reconnects and sends what was queued meanwhile (fault 13)', async ({
    server,
  }) => {
    const connection = connect({ url: server.url });
    await reaches(connection, 'open');
    const meanwhile = reaches(connection, 'reconnecting').then(() => connection.send('meanwhile'));
    await server.terminates();
    expect(await meanwhile).toBe('queued');
    await vi.waitFor(() => expect(connection.messages).toEqual(['meanwhile']), eventually);
    expect(connection.causes).toMatchObject([{ kind: 'close', code: 1006, wasClean: false }]);
    expect(await server.report()).toMatchObject({ open: 1, ever: 2 });
  });

  test('a handshake that is never answered is given up after connectTimeout (fault 1)', async ({
    proxy,
  }) => {
    await proxy.neverAnswers();
    const connection = connect({ url: proxy.url, connectTimeout: 50 });
    const { attempt: failures } = await reaches(connection, ({ attempt }) => attempt >= 2);
    await vi.waitFor(async () =>
      expect((await proxy.report()).open).toBeLessThanOrEqual(1 + spares * (failures + 1)),
    );
    expect(connection.causes[0]).toEqual({ kind: 'timeout', phase: 'connect' });
    await proxy.passes();
    await reaches(connection, 'open');
  });

  test('a handshake that is never answered is given up within 10.1 s by default (fault 1)', async ({
    proxy,
  }) => {
    await proxy.neverAnswers();
    const clock = new SimulatedClock();
    const connection = connect({ url: proxy.url, clock });
    await vi.waitFor(
      async () => expect(await proxy.report()).toEqual({ open: 1, ever: 1 }),
      eventually,
    );
    // Only the next attempt passes. Some engines make it faster than this could be said after it.
    await proxy.passes();
    clock.advance(9_900);
    expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', readyState: 0 });
    clock.advance(200);
    expect(connection.causes).toEqual([{ kind: 'timeout', phase: 'connect' }]);
    await reaches(connection, 'open');
    await vi.waitFor(async () => {
      const { open, ever } = await proxy.report();
      expect([open <= 1 + spares, ever <= 2 + spares]).toEqual([true, true]);
    }, eventually);
  });

  test.for([401, 403, 503])(
    'an upgrade answered with %i is a failed attempt, and the next one has a new url (fault 2)',
    async (status, { server }) => {
      await server.refuses(status);
      const connection = connect({ url: newUrls(server.url) });
      await reaches(connection, ({ attempt }) => attempt === 2);
      expect(connection.causes[0]).toMatchObject(failed(`HTTP ${status}`));
      await server.accepts();
      await reaches(connection, 'open');
      // undici may send a request twice.
      const urls = [...new Set((await server.report()).requests)];
      expect(urls.slice(0, 3)).toEqual(['/?token=1', '/?token=2', '/?token=3']);
    },
  );

  test.for([
    ['refuses', 'ECONNREFUSED'],
    ['resets', 'ECONNRESET'],
  ] as const)(
    'an attempt that the network %s fails, and nothing is thrown (fault 3)',
    async ([fails, code], { proxy }) => {
      await proxy[fails]();
      const connection = connect({ url: proxy.url });
      await reaches(connection, ({ attempt }) => attempt === 3);
      expect(connection.causes[0]).toMatchObject(failed(code));
      expect(new Set(connection.statuses)).toEqual(new Set(['connecting', 'reconnecting']));
      await proxy.passes();
      await reaches(connection, 'open');
    },
  );

  test('an open link that is reset is lost, and the connection reconnects (fault 3)', async ({
    proxy,
  }) => {
    const connection = connect({ url: proxy.url });
    await reaches(connection, 'open');
    await proxy.resets();
    await reaches(connection, 'reconnecting');
    await proxy.passes();
    await reaches(connection, 'open');
  });

  const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\n';
  const UPGRADE = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';
  test.for([
    ['has the wrong key', undefined, `${SWITCHING}${UPGRADE}Sec-WebSocket-Accept: wrong\r\n\r\n`],
    ['has no key', undefined, `${SWITCHING}${UPGRADE}\r\n`],
    [
      'upgrades to something else',
      undefined,
      `${SWITCHING}Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n`,
    ],
    ['is a page', 'HTTP 200', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'],
    ['is no HTTP', 'HPE_INVALID_CONSTANT', '\u0000\u0001\u0002\r\n\r\n'],
    ['ends at once', 'ECONNRESET', ''],
  ] as const)(
    'an attempt fails if the answer to the upgrade %s (fault 4)',
    async ([, name, answer], { server }) => {
      await server.answersUpgradesWith(answer);
      const connection = connect({ url: server.url });
      await reaches(connection, ({ attempt }) => attempt === 2);
      expect(connection.causes[0]).toMatchObject(failed(name));
      await server.accepts();
      await reaches(connection, 'open');
    },
  );

  test('an attempt fails if the server chooses a subprotocol that was not offered (fault 4)', async ({
    server,
  }) => {
    await server.chooses('other');
    const connection = connect({ url: server.url, protocols: ['chat.v2', 'chat.v1'] });
    await reaches(connection, ({ attempt }) => attempt === 2);
    expect(connection.causes[0]).toMatchObject(failed());
    await server.accepts();
    await reaches(connection, 'open');
    expect(connection.socket?.protocol).toBe('chat.v2');
  });

  test('a server that closes every link at once gets at most 15 connections a minute (fault 11)', async ({
    server,
  }) => {
    await server.closesNewLinks(1001);
    const clock = new SimulatedClock();
    const connection = connect({ url: server.url, clock, reconnect: true });
    const next = () => clock.advance(clock.nextDue() - clock.now());
    for (const end = clock.now() + 60_000; ; next()) {
      await reaches(connection, ({ retryAt }) => retryAt !== null);
      if (clock.nextDue() > end) break;
    }
    const { ever } = await server.report();
    expect(ever).toBeLessThanOrEqual(15);
    // All of them were open links: a failed handshake is another fault.
    expect(connection.causes).toHaveLength(ever);
    expect(new Set(connection.causes.map((cause) => cause.kind === 'close' && cause.code))).toEqual(
      new Set([1001]),
    );
    await server.accepts();
    next();
    await reaches(connection, 'open');
  });

  test.for([1000, 1001, undefined, 1011, 1012, 1014])(
    'a close with the code %s leads to another attempt (faults 12, 13)',
    async (code, { server }) => {
      const connection = connect({ url: server.url });
      await reaches(connection, 'open');
      const lost = reaches(connection, 'reconnecting');
      await server.closes(code, code ? 'in short' : undefined);
      const { cause } = await lost;
      expect(cause).toEqual({
        kind: 'close',
        code: code ?? 1005,
        reason: code ? 'in short' : '',
        wasClean: true,
      });
      await reaches(connection, 'open');
      expect(connection.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    },
  );

  test('a close with the code 1000 ends the connection if shouldReconnect returns false (fault 12)', async ({
    server,
  }) => {
    const shouldReconnect = vi.fn(() => false);
    const connection = connect({ url: server.url, reconnect: { shouldReconnect } });
    await reaches(connection, 'open');
    await server.closes(1000);
    const { cause } = await reaches(connection, 'closed');
    expect(cause).toMatchObject({ kind: 'close', code: 1000 });
    expect(shouldReconnect).toHaveBeenCalledOnce();
  });

  test('a close with the code 1013 leads to another attempt after four times the wait (fault 14)', async ({
    server,
  }) => {
    const wait = async (code: number) => {
      const connection = connect({
        url: server.url,
        reconnect: { minDelay: 200, baseDelay: 0, maxDelay: 0 },
      });
      await reaches(connection, 'open');
      let lost = 0;
      connection.on('close', () => (lost ||= Date.now()));
      await server.closes(code);
      const { retryAt } = await reaches(connection, 'reconnecting');
      return Number(retryAt) - lost;
    };
    // A busy machine is late between the two looks at the clock.
    expect(Math.abs((await wait(1012)) - 200)).toBeLessThan(150);
    expect(Math.abs((await wait(1013)) - 800)).toBeLessThan(150);
  });

  test.for([1002, 1003, 1007, 1009, 1010])(
    'a close with the code %i ends the connection (fault 15)',
    async (code, { server }) => {
      const connection = connect({ url: server.url });
      await reaches(connection, 'open');
      await server.closes(code);
      const { cause } = await reaches(connection, 'closed');
      expect(cause).toMatchObject({ kind: 'close', code });
      expect(connection.send('too late')).toBe('dropped');
      expect(connection.statuses).toEqual(['connecting', 'open', 'closed']);
    },
  );

  test.for([1008, 4401, 4403])(
    'a close with the code %i leads to one more attempt with a new url, then to the end (fault 16)',
    async (code, { server }) => {
      await server.closesNewLinks(code);
      const finals: boolean[] = [];
      const connection = connect({
        url: newUrls(server.url),
        onClose: (_cause, final) => finals.push(final),
      });
      const { cause } = await reaches(connection, 'closed');
      expect(cause).toMatchObject({ kind: 'close', code });
      expect(finals).toEqual([false, true]);
      expect((await server.report()).requests).toEqual(['/?token=1', '/?token=2']);
    },
  );

  test('a refusal after a stable link counts as the first one again (fault 16)', async ({
    server,
  }) => {
    const connection = connect({ url: server.url, reconnect: { ...SOON, stableAfter: 0 } });
    for (let refusal = 1; refusal <= 3; refusal++) {
      await reaches(connection, 'open');
      const lost = reaches(connection, 'reconnecting');
      await server.closes(4401);
      await lost;
    }
    await reaches(connection, 'open');
  });

  test.for([
    '{"__proto__":{"admin":true},"code":4401}',
    '<img src="x" onerror="alert(1)">',
    `${'ü'.repeat(61)}!`,
    '4401',
  ])(
    'the close reason %s is kept as text and has no effect (fault 18)',
    async (reason, { server }) => {
      const connection = connect({ url: server.url });
      await reaches(connection, 'open');
      const lost = reaches(connection, 'reconnecting');
      await server.closes(4000, reason);
      const { cause } = await lost;
      expect(cause).toEqual({ kind: 'close', code: 4000, reason, wasClean: true });
      await reaches(connection, 'open');
      expect({}).not.toHaveProperty('admin');
    },
  );

  test('close() while connecting emits nothing about the abandoned socket (fault 19)', async ({
    proxy,
  }) => {
    await proxy.neverAnswers();
    const connection = connect({ url: proxy.url });
    await vi.waitFor(
      async () => expect(await proxy.report()).toEqual({ open: 1, ever: 1 }),
      eventually,
    );
    connection.close();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: { kind: 'requested' },
    });
    await vi.waitFor(async () => {
      const { open, ever } = await proxy.report();
      expect([open <= spares, ever <= 1 + spares]).toEqual([true, true]);
    }, eventually);
    expect(connection.causes).toEqual([{ kind: 'requested' }]);
  });

  test('close() of a half-open link ends after closeTimeout (fault 20)', async ({ proxy }) => {
    const connection = connect({ url: proxy.url, closeTimeout: 100 });
    await reaches(connection, 'open');
    await proxy.stalls();
    const from = performance.now();
    connection.close(4000, 'bye');
    expect(connection.getSnapshot().status).toBe('closing');
    await reaches(connection, 'closed');
    expect(performance.now() - from).toBeGreaterThanOrEqual(99);
    expect(connection.causes).toEqual([{ kind: 'requested' }]);
    expect(connection.socket).toBeNull();
  });

  test('a dead peer is noticed within interval and timeout, and the next attempt starts at once (fault 21)', async ({
    proxy,
  }) => {
    const connection = connect({
      url: proxy.url,
      heartbeat: { interval: 100, timeout: 100 },
      reconnect: { minDelay: 60_000 },
    });
    await reaches(connection, ({ latency }) => latency !== null);
    const from = performance.now();
    await proxy.stalls();
    await reaches(connection, 'reconnecting');
    await reaches(connection, 'open');
    // Without a heartbeat, nothing would notice it.
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(connection.causes).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
  });

  test('a dead peer is noticed within 35 s by default (fault 21)', async ({ proxy }) => {
    const clock = new SimulatedClock();
    const connection = connect({ url: proxy.url, clock, heartbeat: true });
    await reaches(connection, 'open');
    clock.advance(100);
    await reaches(connection, ({ latency }) => latency !== null);
    await proxy.stalls();
    clock.advance(35_000);
    expect(connection.causes).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
    await reaches(connection, 'open');
  });

  test.for<[string, ConnectionOptions['reconnect']]>([
    ['reconnect: false', false],
    ['maxAttempts', { maxAttempts: 0 }],
    ['shouldReconnect', { shouldReconnect: () => false }],
  ])(
    'a dead peer ends the connection if %s says so (fault 21)',
    async ([, reconnect], { proxy }) => {
      const clock = new SimulatedClock();
      const connection = connect({ url: proxy.url, clock, heartbeat: true, reconnect });
      await reaches(connection, 'open');
      await proxy.stalls();
      clock.advance(35_000);
      expect(connection.getSnapshot()).toMatchObject({
        status: 'closed',
        cause: { kind: 'timeout', phase: 'heartbeat' },
      });
      expect((await proxy.report()).ever).toBe(1);
    },
  );

  test('a link whose pongs are lost stays open while data arrives (fault 24)', async ({
    server,
  }) => {
    // The server echoes nothing and does not know this ping.
    await server.stopsEchoing();
    const clock = new SimulatedClock();
    const heartbeat = { interval: 1_000, timeout: 1_000, ping: 'are you there?' };
    const connection = connect({ url: server.url, clock, heartbeat });
    await reaches(connection, 'open');
    for (let probe = 1; probe <= 5; probe++) {
      clock.advance(clock.nextDue() - clock.now());
      await vi.waitFor(async () => expect((await server.report()).frames).toBe(probe), eventually);
      await server.says('data');
      await vi.waitFor(() => expect(connection.messages).toHaveLength(probe), eventually);
    }
    expect(connection.statuses).toEqual(['connecting', 'open']);
    // Without data, the link is found dead.
    clock.advance(2_000);
    expect(connection.causes).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
  });

  test('the latency is known within a second after the opening, with the default heartbeat (fault 75)', async ({
    server,
  }) => {
    const clock = new SimulatedClock();
    const connection = connect({ url: server.url, clock, heartbeat: true });
    connection.send('queued');
    await reaches(connection, 'open');
    // The first ping waits for that.
    await vi.waitFor(() => expect(connection.socket?.bufferedAmount).toBe(0), eventually);
    clock.advance(1_000);
    await reaches(connection, ({ latency }) => latency !== null);
  });

  test('a signal of the page does not end a link whose answers take longer than 3 s (fault 64)', async ({
    proxy,
  }) => {
    const clock = new SimulatedClock();
    const signals = new SimulatedSignals();
    const connection = connect({
      url: proxy.url,
      clock,
      signals: signals.listen,
      heartbeat: true,
    });
    /** The network holds back the answer for so long. */
    const answersAfter = async (ms: number, ask: () => void) => {
      await proxy.stalls();
      ask();
      clock.advance(ms);
      expect(connection.causes).toEqual([]);
      await proxy.passes();
    };
    await reaches(connection, 'open');
    // Nothing is known about the link yet.
    await answersAfter(9_000, () => signals.emit('visible'));
    await reaches(connection, ({ latency }) => latency === 9_000);
    await answersAfter(9_900, () => signals.emit('online'));
    await reaches(connection, ({ latency }) => latency === 9_900);
    await proxy.stalls();
    signals.emit('visible');
    clock.advance(10_000);
    expect(connection.causes).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
  });

  test.for([3000, 4401])(
    'a stable link that ends with %i is followed by one attempt with a new url, and no failure (fault 73)',
    async (code, { server }) => {
      const connection = connect({
        url: newUrls(server.url),
        random: () => 0.01,
        reconnect: { minDelay: 60_000, stableAfter: 0, shouldReconnect: () => false },
      });
      await reaches(connection, 'open');
      await server.closes(code);
      expect(await reaches(connection, 'reconnecting')).toMatchObject({ attempt: 0 });
      await reaches(connection, 'open');
      expect((await server.report()).requests).toEqual(['/?token=1', '/?token=2']);
    },
  );

  test('a heartbeat measures the latency, and its pongs are not delivered', async ({
    server,
    annotate,
  }) => {
    const connection = connect({ url: server.url, heartbeat: { interval: 20, timeout: 1_000 } });
    const { latency } = await reaches(connection, (snapshot) => snapshot.latency !== null);
    await annotate(`${latency} ms`);
    // The clock of Firefox tells whole milliseconds.
    expect(latency).toBeGreaterThanOrEqual(0);
    connection.send('hello');
    await vi.waitFor(() => expect(connection.messages).toEqual(['hello']), eventually);
  });
}
