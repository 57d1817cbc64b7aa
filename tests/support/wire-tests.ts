import type { TestAPI } from 'vitest';
import { expect, onTestFinished, vi } from 'vitest';
import {
  type Cause,
  type Connection,
  type ConnectionOptions,
  createConnection,
  type Frame,
  type Status,
} from '../../src/core.ts';
import type { Peers } from './peers.ts';
import { reaches } from './reaches.ts';

/** Fast enough for a test, and without jitter. */
const SOON = { minDelay: 5, baseDelay: 0, maxDelay: 0 };

interface Story extends Connection {
  readonly statuses: Status[];
  readonly messages: Frame[];
  readonly causes: Cause[];
}

/** A url function that makes a fresh url for each attempt. */
function freshUrls(url: string): () => string {
  let n = 0;
  return () => `${url}?token=${++n}`;
}

/**
 * What holds of a connection over a real socket: the same in Node and in a browser.
 *
 * @param test - Gives each test a server and a proxy.
 * @param WebSocket - The class of the sockets; undefined for the platform's.
 */
export function wireTests(test: TestAPI<Peers>, WebSocket: ConnectionOptions['WebSocket']): void {
  /** An open connection that writes down what happens to it. It ends with the test. */
  function connect(options: ConnectionOptions): Story {
    const messages: Frame[] = [];
    const causes: Cause[] = [];
    const connection = createConnection({
      WebSocket,
      reconnect: SOON,
      onMessage: (message) => messages.push(message),
      onClose: (cause) => causes.push(cause),
      ...options,
    });
    const statuses: Status[] = [];
    connection.subscribe(() => {
      const { status } = connection.getSnapshot();
      if (status !== statuses.at(-1)) statuses.push(status);
    });
    connection.open();
    onTestFinished(() => connection.close());
    return Object.assign(Object.create(connection) as Connection, { statuses, messages, causes });
  }

  test('opens, sends what was queued, and hears text and binary in order', async ({ server }) => {
    const connection = connect({ url: server.url });
    expect(connection.send('queued')).toBe('queued');
    await reaches(connection, 'open');
    expect(connection.send(new Uint8Array([0, 127, 255]))).toBe('sent');
    expect(connection.send('last')).toBe('sent');
    await vi.waitFor(() => expect(connection.messages).toHaveLength(3), { interval: 5 });
    expect(connection.messages).toEqual(['queued', Uint8Array.of(0, 127, 255).buffer, 'last']);
    expect(await server.heard()).toEqual(['queued', '<00 7f ff>', 'last']);
    expect(connection.statuses).toEqual(['connecting', 'open']);
  });

  test('comes back after the server cut the connection', async ({ server }) => {
    const connection = connect({ url: server.url });
    await reaches(connection, 'open');
    await server.terminates();
    await reaches(connection, 'reconnecting');
    expect(connection.send('meanwhile')).toBe('queued');
    await reaches(connection, 'open');
    await vi.waitFor(() => expect(connection.messages).toEqual(['meanwhile']), { interval: 5 });
    expect(connection.causes).toMatchObject([{ kind: 'close', code: 1006, wasClean: false }]);
    expect(await server.saw()).toMatchObject({ open: 1, ever: 2 });
  });

  test('fault 1: lets go of a handshake that is never answered at connectTimeout', async ({
    proxy,
  }) => {
    await proxy.swallows();
    const connection = connect({ url: proxy.url, connectTimeout: 50 });
    await reaches(connection, ({ attempt }) => attempt >= 2);
    await vi.waitFor(async () => expect((await proxy.saw()).open).toBeLessThanOrEqual(1));
    expect(connection.causes[0]).toEqual({ kind: 'timeout', phase: 'connect' });
    await proxy.passes();
    await reaches(connection, 'open');
  });

  test.for([401, 403, 503])(
    'fault 2: a %i for an upgrade is a failed attempt, and the next one has a fresh url',
    async (status, { server }) => {
      await server.refuses(status);
      const connection = connect({ url: freshUrls(server.url) });
      await reaches(connection, ({ attempt }) => attempt === 2);
      expect(connection.causes[0]).toMatchObject({ kind: 'close', code: 1006, wasClean: false });
      await server.accepts();
      await reaches(connection, 'open');
      expect((await server.saw()).requests.slice(0, 3)).toEqual([
        '/?token=1',
        '/?token=2',
        '/?token=3',
      ]);
    },
  );

  test.for(['refuses', 'resets'] as const)(
    'fault 3: a network that %s a connection is a failed attempt, and nothing is thrown',
    async (misbehaves, { proxy }) => {
      await proxy[misbehaves]();
      const connection = connect({ url: proxy.url });
      await reaches(connection, ({ attempt }) => attempt === 3);
      expect(connection.causes[0]).toMatchObject({ kind: 'close', code: 1006 });
      expect(new Set(connection.statuses)).toEqual(new Set(['connecting', 'reconnecting']));
      await proxy.passes();
      await reaches(connection, 'open');
    },
  );

  test('fault 3: a reset of an open link is a lost link', async ({ proxy }) => {
    const connection = connect({ url: proxy.url });
    await reaches(connection, 'open');
    await proxy.resets();
    await reaches(connection, 'reconnecting');
    await proxy.passes();
    await reaches(connection, 'open');
  });

  test('fault 4: a bad answer to an upgrade is a failed attempt', async ({ server }) => {
    await server.babbles(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n',
    );
    const connection = connect({ url: server.url });
    await reaches(connection, ({ attempt }) => attempt === 2);
    await server.accepts();
    await reaches(connection, 'open');
  });

  test('fault 4: a subprotocol that was not offered is a failed attempt', async ({ server }) => {
    await server.chooses('other');
    const connection = connect({ url: server.url, protocols: ['chat.v2', 'chat.v1'] });
    await reaches(connection, ({ attempt }) => attempt === 2);
    await server.accepts();
    await reaches(connection, 'open');
    expect(connection.socket?.protocol).toBe('chat.v2');
  });

  test.for([1000, 1001, undefined, 1011, 1012, 1014])(
    'faults 12, 13: a close with the code %s is retried',
    async (code, { server }) => {
      const connection = connect({ url: server.url });
      await reaches(connection, 'open');
      await server.closes(code, code ? 'in short' : undefined);
      const { cause } = await reaches(connection, 'reconnecting');
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

  test('fault 12: a close with the code 1000 is the end where the policy says so', async ({
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

  test('fault 14: a close with the code 1013 is retried after four times the wait', async ({
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
    expect(Math.abs((await wait(1012)) - 200)).toBeLessThan(20);
    expect(Math.abs((await wait(1013)) - 800)).toBeLessThan(20);
  });

  test.for([1002, 1003, 1007, 1009, 1010])(
    'fault 15: a close with the code %i is the end',
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
    'fault 16: a close with the code %i gets one more try with a fresh url, then it is the end',
    async (code, { server }) => {
      await server.closesNewcomers(code);
      const finals: boolean[] = [];
      const connection = connect({
        url: freshUrls(server.url),
        onClose: (_cause, final) => finals.push(final),
      });
      const { cause } = await reaches(connection, 'closed');
      expect(cause).toMatchObject({ kind: 'close', code });
      expect(finals).toEqual([false, true]);
      expect((await server.saw()).requests).toEqual(['/?token=1', '/?token=2']);
    },
  );

  test('fault 16: a stable link between two refusals starts over', async ({ server }) => {
    const connection = connect({ url: server.url, reconnect: { ...SOON, stableAfter: 0 } });
    for (let refusal = 1; refusal <= 3; refusal++) {
      await reaches(connection, 'open');
      await server.closes(4401);
      await reaches(connection, 'reconnecting');
    }
    await reaches(connection, 'open');
  });

  test('fault 19: close() while connecting says nothing of the abandoned socket', async ({
    proxy,
  }) => {
    await proxy.swallows();
    const connection = connect({ url: proxy.url });
    await vi.waitFor(async () => expect(await proxy.saw()).toEqual({ open: 1, ever: 1 }), {
      interval: 5,
    });
    connection.close();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: { kind: 'requested' },
    });
    await vi.waitFor(async () => expect(await proxy.saw()).toEqual({ open: 0, ever: 1 }), {
      interval: 5,
    });
    expect(connection.causes).toEqual([{ kind: 'requested' }]);
  });

  test('fault 20: close() of a half-open link is done at closeTimeout', async ({ proxy }) => {
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

  test('fault 21: notices a dead peer within interval and timeout, and dials at once', async ({
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
    expect(performance.now() - from).toBeLessThan(500);
    expect(connection.causes).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
  });

  test('fault 24: a peer whose pongs are lost while its data flows is alive', async ({
    server,
  }) => {
    const heartbeat = { interval: 30, timeout: 30, pong: 'never' };
    const connection = connect({ url: server.url, heartbeat });
    // What the server answers is data to this client.
    await vi.waitFor(async () => expect((await server.saw()).frames).toBeGreaterThanOrEqual(5), {
      timeout: 3_000,
    });
    expect(connection.statuses).toEqual(['connecting', 'open']);
  });

  test('a heartbeat measures the latency, and its pongs are no messages', async ({ server }) => {
    const connection = connect({ url: server.url, heartbeat: { interval: 20, timeout: 1_000 } });
    const { latency } = await reaches(connection, (snapshot) => snapshot.latency !== null);
    expect(latency).toBeGreaterThan(0);
    connection.send('hello');
    await vi.waitFor(() => expect(connection.messages).toEqual(['hello']), { interval: 5 });
  });

  test(
    'fault 37: 20,000 sends in one tick all arrive, in order, over a slow uplink',
    { timeout: 10_000 },
    async ({ server, proxy }) => {
      await server.hushes();
      await proxy.throttles(10_000_000);
      const heartbeat = { interval: 250, timeout: 1_500 };
      const connection = connect({ url: proxy.url, heartbeat });
      await reaches(connection, 'open');
      const heads = Array.from({ length: 20_000 }, (_, n) => `${n} `.padEnd(20, '.'));
      const results = new Set(heads.map((head) => connection.send(head.padEnd(500, '.'))));
      expect(results).toEqual(new Set(['sent', 'queued']));
      const soon = { interval: 50, timeout: 8_000 };
      await vi.waitFor(
        async () => expect((await server.saw()).frames >= heads.length).toBe(true),
        soon,
      );
      const arrived = async () => (await server.heard()).filter((frame) => frame !== 'ping');
      await vi.waitFor(async () => expect(await arrived()).toHaveLength(heads.length), soon);
      expect(await arrived()).toEqual(heads);
      expect(connection.statuses).toEqual(['connecting', 'open']);
    },
  );
}
