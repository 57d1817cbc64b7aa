import { describe, expect, test, vi } from 'vitest';
import type {
  ConnectionOptions,
  Frame,
  Handshake,
  HandshakeContext,
  OutFrame,
} from '../../../src/core.ts';
import { createConnection, json, raw } from '../../../src/core.ts';
import { takeReports } from '../../support/reports.ts';
import { SimulatedClock } from '../../../src/testing/simulation/clock.ts';
import { SimulatedNetwork } from '../../../src/testing/simulation/network.ts';
import { settle, simulate, URL_A, URL_B } from '../../support/simulation/world.ts';

/** Logs in, and waits for the answer. */
const login: Handshake<Frame, OutFrame> = async ({ send, receive }) => {
  send('login');
  const answer = await receive();
  if (answer !== 'welcome') throw withName('AuthError');
};

const withName = (name: string) => Object.assign(new Error('secret'), { name });

/** A connection in its first handshake. */
async function shake(
  handshake: ConnectionOptions['handshake'] = login,
  options: ConnectionOptions = {},
) {
  const world = simulate({ handshake, ...options });
  const release = world.connection.retain();
  world.network.server.accepts();
  await settle();
  return { ...world, release };
}

/** A handshake that gives its context to the test, and waits for it. */
function manual() {
  let finish = (_error?: Error) => {};
  let context!: HandshakeContext<Frame, unknown>;
  const handshake = (given: HandshakeContext<Frame, unknown>) => {
    context = given;
    return new Promise<void>((resolve, reject) => {
      finish = (error) => (error ? reject(error) : resolve());
    });
  };
  return {
    handshake,
    context: () => context,
    async finish(error?: Error) {
      finish(error);
      await settle();
    },
  };
}

test('until the handshake has resolved, the connection is connecting, and nobody else sends', async () => {
  const { connection, network, log } = simulate({
    handshake: login,
    topics: { of: () => null, subscribe: (topics) => topics },
    onOpen: () => connection.send('from onOpen'),
  });
  connection.onTopic('gold', () => {});
  connection.retain();
  expect(connection.send('queued before')).toBe('queued');
  network.server.accepts();
  await settle();
  expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', readyState: 0 });
  expect(connection.send('queued meanwhile')).toBe('queued');
  expect(connection.send('not queued', { queue: false })).toBe('dropped');
  expect(network.server.received).toEqual(['login']);
  expect(log).toEqual(['status connecting']);

  network.server.sends('welcome');
  await settle();
  expect(network.server.received).toEqual([
    'login',
    'from onOpen',
    'gold',
    'queued before',
    'queued meanwhile',
  ]);
  expect(log).toEqual([
    'status connecting',
    'open',
    'flush queued before,queued meanwhile',
    'status open',
  ]);
  expect(connection.getSnapshot()).toMatchObject({ status: 'open', readyState: 1 });
});

test('every link has a handshake, which gets the failures before it; the status is reconnecting meanwhile', async () => {
  const { handshake, context, finish } = manual();
  const { network, clock, connection } = await shake(handshake);
  expect(context()).toMatchObject({ attempt: 0, cause: null });
  await finish();
  network.server.breaks();
  clock.advance(1_750);
  network.server.accepts();
  await settle();
  expect(context()).toMatchObject({ attempt: 1, cause: { code: 1006 } });
  expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', readyState: 0 });
  await finish();
  expect(connection.getSnapshot().status).toBe('open');
});

test('a codec function that closes the connection leaves no link for the handshake', async () => {
  const handshake = vi.fn<Handshake<Frame, OutFrame>>();
  let close = () => {};
  const world = simulate({
    handshake,
    codec() {
      close();
      return raw;
    },
  });
  close = world.connection.close;
  world.connection.open();
  world.network.server.accepts();
  await settle();
  expect(world.connection.getSnapshot().status).toBe('closed');
  expect(handshake).not.toHaveBeenCalled();
});

test('messages pass through the codec', async () => {
  const received: unknown[] = [];
  const { connection, network } = simulate({
    codec: json<unknown, object>(),
    async handshake({ send, receive }) {
      send({ user: 'ada' });
      received.push(await receive());
    },
  });
  connection.open();
  network.server.accepts();
  network.server.sends('{"ok":true}');
  await settle();
  expect(network.server.received).toEqual(['{"user":"ada"}']);
  expect(received).toEqual([{ ok: true }]);
  expect(connection.getSnapshot().status).toBe('open');
  expect(connection.lastMessage).toBe(null);
});

test('a handshake that returns nothing opens the connection at the end of the tick', async () => {
  const { connection, log } = await shake(() => {});
  expect(connection.getSnapshot().status).toBe('open');
  expect(log).toEqual(['status connecting', 'open', 'status open']);
});

test('the time without messages does not end with the handshake of the next link', async () => {
  const downtimes: number[] = [];
  const { handshake, finish } = manual();
  const { network, clock, connection, signals } = await shake(handshake);
  connection.on('open', ({ downtime }) => downtimes.push(downtime));
  await finish();
  clock.advance(1_000);
  network.server.breaks();
  clock.advance(1_750);
  network.server.accepts();
  clock.advance(200);
  network.server.sends('challenge');
  for (const bytes of [9_000, 5_000]) {
    network.server.drainsTo(bytes);
    signals.emit('online');
  }
  await settle();
  clock.advance(50);
  await finish();
  expect(downtimes).toEqual([0, 3_000]);
});

describe('a handshake that fails (fault 98)', () => {
  test.each<[string, ConnectionOptions['handshake']]>([
    ['rejects', () => Promise.reject(withName('AuthError'))],
    [
      'throws',
      () => {
        throw withName('AuthError');
      },
    ],
    ['is refused by the server', login],
  ])('by one that %s, the attempt has failed, and the cause names the error', async (_, fails) => {
    const shouldReconnect = vi.fn(() => true);
    const { connection, network, clock, log } = await shake(fails, {
      reconnect: { shouldReconnect },
    });
    network.server.sends('no');
    await settle();
    const cause = {
      kind: 'error',
      name: 'AuthError',
      message: 'The handshake function failed.',
    };
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', attempt: 1, cause });
    expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 1_750);
    expect(shouldReconnect).toHaveBeenCalledWith(cause, 1, false);
    expect(log).toEqual([
      'status connecting',
      'error AuthError',
      'close AuthError',
      'status reconnecting',
    ]);
    expect(network.socket.closedWith).toEqual({ code: 1000, reason: undefined });
  });

  test('a policy can end the connection', async () => {
    const { connection } = await shake(() => Promise.reject(withName('AuthError')), {
      reconnect: {
        shouldReconnect: (cause) => cause.kind !== 'error' || cause.name !== 'AuthError',
      },
      onError() {},
    });
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: { name: 'AuthError' },
    });
  });

  test('by a codec that throws', async () => {
    const { connection } = await shake(({ send }) => send(1n as never), {
      codec: json() as never,
      onError() {},
    });
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { name: 'TypeError' },
    });
  });

  test('what nobody listens to is reported once until a link has opened', async () => {
    const error = withName('AuthError');
    let fails = true;
    const clock = new SimulatedClock();
    const network = new SimulatedNetwork(clock);
    const connection = createConnection({
      url: URL_A,
      clock,
      WebSocket: network.WebSocket,
      random: () => 0.5,
      handshake: async () => {
        if (fails) throw error;
      },
    });
    connection.open();
    const openAgain = async () => {
      network.server.accepts();
      await settle();
    };
    for (let round = 0; round < 3; round++) {
      await openAgain();
      clock.advance(60_000);
    }
    expect(takeReports()).toEqual([error]);
    fails = false;
    await openAgain();
    expect(connection.getSnapshot().status).toBe('open');
    fails = true;
    connection.reconnect();
    await openAgain();
    expect(takeReports()).toEqual([error]);
    connection.close();
  });
});

describe('a handshake that never answers (fault 99)', () => {
  test('ends at the connectTimeout of its attempt, which covers the url, the dial and the handshake', async () => {
    const { handshake, context } = manual();
    const world = simulate({
      handshake,
      url: async () => {
        await new Promise((resolve) => void world.clock.setTimeout(() => resolve(null), 4_000));
        return 'ws://a.test/';
      },
    });
    world.connection.open();
    world.clock.advance(4_000);
    await settle();
    world.clock.advance(4_000);
    world.network.server.accepts();
    await settle();
    world.clock.advance(1_999);
    expect(world.connection.getSnapshot().status).toBe('connecting');
    expect(context().signal.aborted).toBe(false);
    world.clock.advance(1);
    expect(world.connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'timeout', phase: 'connect' },
    });
    expect(context().signal.aborted).toBe(true);
  });

  test('its late answer changes nothing', async () => {
    const { handshake, finish } = manual();
    const { connection, clock, log } = await shake(handshake);
    clock.advance(10_000);
    const before = [...log];
    await finish();
    expect(log).toEqual(before);
    await finish(new Error('late'));
    expect(log).toEqual(before);
    expect(connection.getSnapshot().status).toBe('reconnecting');
  });

  test('a changed connectTimeout counts from the start of the attempt', async () => {
    const { handshake } = manual();
    const world = simulate({ handshake });
    world.connection.open();
    world.clock.advance(1_000);
    world.network.server.accepts();
    await settle();
    world.connection.update({ connectTimeout: 2_000 });
    world.clock.advance(999);
    expect(world.connection.getSnapshot().status).toBe('connecting');
    world.clock.advance(1);
    expect(world.connection.getSnapshot().status).toBe('reconnecting');
  });

  test('a page that was frozen lets the answer in before it gives up', async () => {
    const { connection, network, clock } = await shake();
    network.pageFreezes();
    network.server.sends('welcome');
    clock.blockPage(60_000);
    clock.advance(0);
    expect(connection.getSnapshot().status).toBe('connecting');
    network.pageResumes();
    await settle();
    expect(connection.getSnapshot().status).toBe('open');
  });
});

test('garbage in the handshake is an error event, and the handshake goes on (fault 100)', async () => {
  const received: unknown[] = [];
  const { connection, network, log } = simulate({
    codec: json(),
    async handshake({ receive }) {
      received.push(await receive());
    },
  });
  connection.open();
  network.server.accepts();
  network.server.sends('<html>', '"welcome"');
  await settle();
  expect(received).toEqual(['welcome']);
  expect(log).toEqual(['status connecting', 'error DecodeError', 'open', 'status open']);
});

describe('a link that is lost in the handshake (fault 101)', () => {
  test.each<
    [string, (server: Awaited<ReturnType<typeof shake>>['network']['server']) => void, object]
  >([
    ['breaks', (server) => server.breaks(), { kind: 'close', code: 1006 }],
    ['is refused', (server) => server.closesWith(4401), { kind: 'close', code: 4401 }],
  ])('that %s is a failed attempt, and receive() rejects', async (_, lose, cause) => {
    const { handshake, context, finish } = manual();
    const { connection, network, log } = await shake(handshake);
    const pending = context().receive();
    lose(network.server);
    await expect(pending).rejects.toBe(context().signal.reason);
    await expect(context().receive()).rejects.toBe(context().signal.reason);
    context().send('too late');
    await finish();
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', attempt: 1, cause });
    expect(network.socket.sent).toEqual([]);
    expect(log.filter((entry) => !entry.startsWith('status'))).toHaveLength(1);
  });

  test('a second refusal in it is final, as on a link', async () => {
    const { connection, network, clock } = await shake();
    network.server.closesWith(4401);
    clock.advance(1_750);
    network.server.accepts();
    await settle();
    network.server.closesWith(4401);
    expect(connection.getSnapshot()).toMatchObject({ status: 'closed', cause: { code: 4401 } });
  });
});

describe('what ends an attempt ends its handshake (fault 102)', () => {
  type World = Awaited<ReturnType<typeof shake>>;
  const { handshake, context, finish } = manual();

  test.each<[string, (world: World) => void, status: string, sockets: number]>([
    ['close()', ({ connection }) => connection.close(4000, 'bye'), 'closed', 1],
    ['reconnect()', ({ connection }) => connection.reconnect(), 'connecting', 2],
    ['another url', ({ connection }) => connection.update({ url: URL_B }), 'connecting', 2],
    ['another scope', ({ connection }) => connection.update({ scope: 'bob' }), 'connecting', 2],
    ['no url', ({ connection }) => connection.update({ url: null }), 'idle', 1],
    ['pagehide', ({ signals }) => signals.emit('pagehide'), 'reconnecting', 1],
    [
      'the end of its last holder',
      ({ release, clock }) => {
        release();
        clock.advance(1_000);
      },
      'idle',
      1,
    ],
  ])('%s', async (_, end, status, sockets) => {
    const world = await shake(handshake);
    const { network, connection } = world;
    const pending = context().receive();
    end(world);
    expect(context().signal.aborted).toBe(true);
    await expect(pending).rejects.toThrow('aborted');
    expect(network.sockets[0]?.closedWith?.code).toBe(1000);
    await finish();
    expect(network.sockets).toHaveLength(sockets);
    expect(connection.getSnapshot().status).toBe(status);
    expect(network.liveSockets).toBe(sockets - 1);
  });

  test('open() and signals of the network change nothing', async () => {
    const { connection, signals, network } = await shake();
    connection.open();
    for (const signal of ['online', 'offline', 'visible', 'pageshow'] as const)
      signals.emit(signal);
    network.server.sends('welcome');
    await settle();
    expect(connection.getSnapshot().status).toBe('open');
    expect(network.sockets).toHaveLength(1);
  });

  test('an ended handshake that resolves late does not open the next link', async () => {
    const ends: (() => void)[] = [];
    const { connection, network } = await shake(() => new Promise((resolve) => ends.push(resolve)));
    connection.reconnect();
    network.server.accepts();
    await settle();
    ends[0]?.();
    await settle();
    expect(connection.getSnapshot().status).toBe('connecting');
    ends[1]?.();
    await settle();
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('messages of an ended handshake do not reach the next link', async () => {
    const { connection, network, log } = await shake(({ receive }) => receive() as never);
    connection.update({ handshake: () => new Promise(() => {}) });
    connection.reconnect();
    network.server.accepts();
    await settle();
    network.server.sends('of the second link');
    connection.update({ handshake: undefined });
    connection.reconnect();
    network.server.accepts();
    network.server.sends('of the third');
    await settle();
    expect(log).toEqual(['status connecting', 'open', 'status open', 'message of the third']);
  });
});

describe('messages that the handshake does not receive (fault 103)', () => {
  test('are delivered after open, in order, and ahead of later ones', async () => {
    const { connection, network, log } = await shake(async ({ receive }) => void (await receive()));
    const prices: Frame[] = [];
    connection.onTopic('gold', (message) => prices.push(message));
    network.server.sends('welcome', 'first', 'second');
    await settle();
    network.server.sends('third');
    expect(log).toEqual([
      'status connecting',
      'open',
      'message first',
      'message second',
      'status open',
      'message third',
    ]);
    expect(connection.lastMessage).toBe('third');
  });

  test('calls of receive() at the same time get messages in turn', async () => {
    const { handshake, context, finish } = manual();
    const { network } = await shake(handshake);
    const both = [context().receive(), context().receive()];
    network.server.sends('one', 'two', 'three');
    expect(await Promise.all(both)).toEqual(['one', 'two']);
    expect(await context().receive()).toBe('three');
    await finish();
  });

  test('a receive() that is left pending takes none, and rejects when the link ends', async () => {
    const { handshake, context, finish } = manual();
    const { network, log } = await shake(handshake);
    const left = context().receive();
    await finish();
    const late = context().receive();
    network.server.sends('for everybody');
    expect(log).toContain('message for everybody');
    network.server.breaks();
    await expect(left).rejects.toThrow('aborted');
    await expect(late).rejects.toThrow('aborted');
  });

  test('one that nobody awaits is no unhandled rejection', async () => {
    const { handshake, context } = manual();
    const { network } = await shake(handshake);
    void context().receive();
    network.server.breaks();
    await new Promise((resolve) => setTimeout(resolve));
    expect(takeReports()).toEqual([]);
  });

  test('what a server answers to an open handler comes after them', async () => {
    const { connection, network, log } = await shake(async ({ receive }) => void (await receive()));
    connection.on('open', () => network.server.sends('answer'));
    network.server.sends('welcome', 'waiting');
    await settle();
    expect(log.slice(1)).toEqual(['open', 'message waiting', 'message answer', 'status open']);
  });

  test('what arrives while open handlers run is not taken by a receive() that was left pending', async () => {
    const { connection, network, log } = await shake(async ({ receive }) => void receive());
    connection.on('open', () => network.server.sends('answer'));
    connection.reconnect();
    network.server.accepts();
    await settle();
    expect(log.slice(-3)).toEqual(['open again', 'message answer', 'status open']);
  });

  test('a handler that ends the link gets no more of them', async () => {
    const { connection, network, log } = await shake(async ({ receive }) => void (await receive()));
    connection.on('message', () => connection.close());
    network.server.sends('welcome', 'first', 'second');
    await settle();
    expect(log.slice(1)).toEqual(['open', 'message first', 'status closing']);
  });
});

describe('the heartbeat in a handshake (fault 104)', () => {
  test('answers the pings of the server, which the handshake does not receive', async () => {
    const { network, connection, log } = await shake(undefined, {
      heartbeat: {
        ping: null,
        pong: (frame) => frame === 'notice' && 'control',
        reply: (frame) => (frame === '2' ? '3' : null),
      },
    });
    network.server.sends('2', 'notice', '2');
    expect(network.server.received).toEqual(['login', '3', '3']);
    network.server.sends('welcome');
    await settle();
    expect(connection.getSnapshot().status).toBe('open');
    expect(log).toEqual(['status connecting', 'open', 'status open']);
  });

  test('sends no probe before the connection is open', async () => {
    const { network, clock } = await shake(undefined, {
      heartbeat: { interval: 1_000, timeout: 500 },
    });
    clock.advance(5_000);
    expect(network.server.received).toEqual(['login']);
    network.server.sends('welcome');
    await settle();
    clock.advance(100);
    expect(network.server.received).toEqual(['login', 'ping']);
  });
});
