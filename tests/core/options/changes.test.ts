import { describe, expect, test } from 'vitest';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import { settle, simulate, URL_A, URL_B } from '../../support/simulation/world.ts';

/** Times that no default has, so that a test cannot pass by accident. In milliseconds. */
const BASE = {
  heartbeat: { interval: 20_000, timeout: 4_000 },
  reconnect: { minDelay: 10_000, baseDelay: 0, stableAfter: 60_000 },
  closeTimeout: 6_000,
  connectTimeout: 9_000,
  linger: 7_000,
};

const isPing = (frame: unknown) => typeof frame === 'string' && frame.startsWith('ping');

/** A connection that notes when its sockets are made and its pings are sent. */
function start(options: ConnectionOptions) {
  const starts: number[] = [];
  const world = simulate({
    ...BASE,
    ...options,
    WebSocket: function Timed(url: string, protocols?: string | string[]) {
      starts.push(world.clock.now());
      return new world.network.WebSocket(url, protocols);
    } as never,
  });
  const { connection, network, clock, log } = world;
  let release: (() => void) | null = null;

  const app = {
    ...world,
    /** When the connection was closed or released. */
    endedAt: 0,
    hold() {
      release ??= connection.retain();
    },
    release() {
      release?.();
      release = null;
      app.endedAt = clock.now();
    },
    close() {
      connection.close();
      app.endedAt = clock.now();
    },
    /** When the newest socket was made. */
    get startedAt() {
      return starts.at(-1) ?? 0;
    },
    get status() {
      return connection.getSnapshot().status;
    },
    /** Brings the connection to an attempt, if there is none in progress. */
    attempt() {
      app.hold();
      if (connection.getSnapshot().readyState !== 0) connection.reconnect();
    },
    /** Brings the connection to an open link, if there is none. */
    link() {
      app.hold();
      if (app.status === 'open') return network.server;
      app.attempt();
      network.server.accepts();
      return network.server;
    },
    /** Lets time pass until something holds. Returns when it did; Infinity if it does not within five minutes. */
    until(holds: () => boolean) {
      for (let passed = 0; passed < 300_000 && !holds(); passed += 100) clock.advance(100);
      return holds() ? clock.now() : Infinity;
    },
    untilLogged: (entry: string) => app.until(() => log.includes(entry)),
    pings: () => network.socket.sent.filter(isPing).length,
  };
  return app;
}

type App = ReturnType<typeof start>;

/** The states of the machine, and how a connection gets there. */
const STATES: Record<string, (app: App) => void> = {
  idle: () => {},
  connecting: (app) => app.attempt(),
  open: (app) => void app.link(),
  'a probe is outstanding': (app) => {
    app.network.dropsPongs();
    app.link();
    app.until(() => app.pings() > 0);
  },
  lingering: (app) => {
    app.link();
    app.release();
  },
  waiting: (app) => app.link().breaks(),
  'hidden page': (app) => {
    app.link();
    app.signals.emit('pagehide');
  },
  closing: (app) => {
    app.link().goesSilent();
    app.close();
  },
  closed: (app) => {
    app.link();
    app.close();
    app.clock.advance(10);
  },
};

interface Change {
  readonly name: string;
  readonly before?: ConnectionOptions;
  readonly after: ConnectionOptions;
  /** Goes on from any state, and returns what shows the option. */
  readonly read: (app: App) => unknown;
  readonly expected: unknown;
}

const heard: unknown[] = [];

const queued = (app: App) => {
  if (app.status === 'open') app.network.server.breaks();
  if (app.status.startsWith('clos')) app.attempt();
  for (const message of ['a', 'b', 'c']) app.connection.send(message);
  app.link();
  return app.network.socket.sent.filter((frame) => !isPing(frame));
};

const afterLoss = (app: App) => {
  if (app.status !== 'closed') app.link().breaks();
  return app.status;
};

const delayAfterLoss = (app: App) => {
  app.link().breaks();
  const lostAt = app.clock.now();
  return app.until(() => app.connection.getSnapshot().readyState === 0) - lostAt;
};

const heartbeat = (changed: object) => ({ heartbeat: { ...BASE.heartbeat, ...changed } });
const reconnect = (changed: object) => ({ reconnect: { ...BASE.reconnect, ...changed } });
const prefix = (mark: string) => ({
  encode: (text: unknown) => mark + String(text),
  decode: (frame: unknown) => mark + String(frame),
});

/** Every option that may change, with a value before and after. */
const CHANGES: readonly Change[] = [
  {
    name: 'binaryType',
    after: { binaryType: 'blob' },
    read: (app) => app.link() && app.network.socket.binaryType,
    expected: 'blob',
  },
  ...[3_000, 30_000].map((connectTimeout) => ({
    name: `connectTimeout ${connectTimeout}`,
    after: { connectTimeout },
    read: (app: App) => {
      app.attempt();
      return app.untilLogged('close connect timeout') - app.startedAt;
    },
    expected: connectTimeout,
  })),
  ...[2_000, 12_000].map((closeTimeout) => ({
    name: `closeTimeout ${closeTimeout}`,
    after: { closeTimeout },
    read: (app: App) => {
      if (app.status !== 'closing') {
        app.link().goesSilent();
        app.close();
      }
      return app.until(() => app.status === 'closed') - app.endedAt;
    },
    expected: closeTimeout,
  })),
  ...[2_000, 14_000].map((linger) => ({
    name: `linger ${linger}`,
    after: { linger },
    read: (app: App) => {
      app.network.answersPings = true;
      if (app.endedAt === 0 || app.status !== 'open') {
        app.link().sends('pong');
        app.release();
      }
      return app.until(() => app.status === 'idle') - app.endedAt;
    },
    expected: linger,
  })),
  ...[5_000, 50_000].map((interval) => ({
    name: `heartbeat.interval ${interval}`,
    after: heartbeat({ interval }),
    read: (app: App) => {
      app.network.answersPings = true;
      app.link().sends('pong');
      // The time between two pings. The first one may follow the opening at once.
      for (let count = app.pings(), at = 0, seen = 0; ; at = app.clock.now()) {
        if (app.until(() => app.pings() > count) === Infinity) return Infinity;
        if (++seen > 2) return app.clock.now() - at;
        count = app.pings();
      }
    },
    expected: interval,
  })),
  ...[1_000, 15_000].map((timeout) => ({
    name: `heartbeat.timeout ${timeout}`,
    after: heartbeat({ timeout }),
    read: (app: App) => {
      app.network.dropsPongs();
      app.link();
      const pinged = app.pings();
      // An outstanding ping was sent just now; otherwise wait for one.
      if (pinged === 0) app.until(() => app.pings() > 0);
      const pingedAt = app.clock.now();
      return app.untilLogged('close heartbeat timeout') - pingedAt;
    },
    expected: timeout,
  })),
  {
    name: 'heartbeat on',
    before: { heartbeat: false },
    after: heartbeat({}),
    read: (app) => app.link() && app.until(() => app.pings() > 0) < Infinity,
    expected: true,
  },
  {
    name: 'heartbeat off',
    after: { heartbeat: false },
    read(app) {
      app.network.dropsPongs();
      app.link();
      const before = app.pings();
      app.clock.advance(200_000);
      return [app.status, app.pings() - before];
    },
    expected: ['open', 0],
  },
  {
    name: 'heartbeat.ping',
    after: heartbeat({ ping: 'ping 2' }),
    read(app) {
      app.link().sends('pong');
      app.until(() => app.network.socket.sent.includes('ping 2'));
      return app.network.socket.sent.at(-1);
    },
    expected: 'ping 2',
  },
  {
    name: 'outbox.maxMessages',
    after: { outbox: { maxMessages: 2 } },
    read: queued,
    expected: ['b', 'c'],
  },
  {
    name: 'outbox.overflow',
    before: { outbox: { maxMessages: 2 } },
    after: { outbox: { maxMessages: 2, overflow: 'drop-newest' } },
    read: queued,
    expected: ['a', 'b'],
  },
  { name: 'outbox off', after: { outbox: false }, read: queued, expected: [] },
  { name: 'reconnect off', after: { reconnect: false }, read: afterLoss, expected: 'closed' },
  {
    name: 'reconnect.maxAttempts',
    after: reconnect({ maxAttempts: 0 }),
    read: afterLoss,
    expected: 'closed',
  },
  {
    name: 'reconnect.shouldReconnect',
    after: reconnect({ shouldReconnect: () => 321 }),
    read: (app) => {
      app.link().breaks();
      return Number(app.connection.getSnapshot().retryAt) - app.clock.wall();
    },
    expected: 321,
  },
  {
    name: 'reconnect.minDelay',
    after: reconnect({ minDelay: 500 }),
    read: delayAfterLoss,
    expected: 500,
  },
  {
    name: 'reconnect.baseDelay',
    after: reconnect({ minDelay: 0, baseDelay: 4_000, stableAfter: 0 }),
    read: delayAfterLoss,
    expected: 2_000,
  },
  {
    name: 'reconnect.maxDelay',
    before: reconnect({ minDelay: 0, baseDelay: 8_000 }),
    after: reconnect({ minDelay: 0, baseDelay: 8_000, maxDelay: 1_000 }),
    read: delayAfterLoss,
    expected: 500,
  },
  {
    name: 'reconnect.stableAfter',
    after: reconnect({ stableAfter: 1_000 }),
    read(app) {
      app.attempt();
      app.network.server.refuses();
      app.link();
      app.clock.advance(1_000);
      app.network.server.breaks();
      return app.connection.getSnapshot().attempt;
    },
    expected: 1,
  },
  {
    name: 'random',
    before: reconnect({ minDelay: 0, baseDelay: 1_000, stableAfter: 0 }),
    after: { random: () => 1 },
    read: delayAfterLoss,
    expected: 1_000,
  },
  {
    name: 'codec',
    before: { codec: prefix('old ') },
    after: { codec: prefix('new ') },
    read(app) {
      app.link();
      app.connection.send('x');
      app.network.server.sends('y');
      return [app.network.socket.sent.at(-1), app.connection.lastMessage];
    },
    expected: ['new x', 'new y'],
  },
  {
    name: 'topics',
    before: { topics: { of: () => 'old' } },
    after: { topics: { of: () => 'new', subscribe: (topics) => [`+${topics.join()}`] } },
    read(app) {
      const messages: unknown[] = [];
      app.connection.onTopic('new', (message) => messages.push(message));
      app.attempt();
      app.link().sends('y');
      if (!app.network.socket.sent.includes('+new')) app.connection.reconnect();
      app.link();
      return [...messages, app.network.socket.sent.includes('+new')];
    },
    expected: ['y', true],
  },
  {
    name: 'onMessage',
    before: { onMessage: () => {} },
    after: { onMessage: (message) => void heard.push(message) },
    read(app) {
      heard.length = 0;
      app.link().sends('y');
      return heard;
    },
    expected: ['y'],
  },
];
function Refused() {
  throw new RangeError('refused');
}

/** The options that are used once for a link: they apply to the next one. */
const NEXT_LINK: readonly Change[] = [
  {
    name: 'a url function',
    before: { url: () => URL_A, scope: 's' },
    after: { url: () => URL_B, scope: 's' },
    read: (app) => app.network.socket.url,
    expected: URL_B,
  },
  {
    name: 'a protocols function',
    before: { protocols: () => 'old' },
    after: { protocols: () => 'new' },
    read: (app) => app.network.socket.protocol,
    expected: 'new',
  },
  {
    name: 'WebSocket',
    after: { WebSocket: Refused as never },
    read: (app) => app.connection.getSnapshot().cause,
    expected: expect.objectContaining({ kind: 'error', name: 'RangeError' }),
  },
];

describe.each(CHANGES)('$name that changes is in force at once (fault 61)', (change) => {
  test.each(Object.keys(STATES))('%s', (state) => {
    const app = start(change.before ?? {});
    STATES[state]?.(app);
    app.log.length = 0;
    app.connection.update(change.after);
    expect(change.read(app)).toEqual(change.expected);
  });
});

describe.each(NEXT_LINK)('$name that changes applies to the next link (fault 61)', (change) => {
  test.each(['idle', 'connecting', 'open', 'waiting', 'closed'])('%s', async (state) => {
    const app = start(change.before ?? {});
    const go = STATES[state];
    if (state !== 'idle') app.attempt();
    await settle();
    go?.(app);
    const { sockets } = app.network;
    const before = sockets.length;
    app.connection.update(change.after);
    await settle();
    expect(sockets).toHaveLength(before);
    app.hold();
    app.connection.reconnect();
    await settle();
    expect(change.read(app)).toEqual(change.expected);
  });
});

describe('a change that ends or shortens what goes on (fault 61)', () => {
  test.each([{ reconnect: false }, reconnect({ maxAttempts: 0 })])(
    '%j ends a wait, with the cause of the loss',
    (options) => {
      const app = start({});
      app.link().breaks();
      app.log.length = 0;
      app.connection.update(options);
      expect(app.log).toEqual(['close 1006 final', 'status closed']);
      expect(app.clock.pendingTimers).toBe(0);

      app.connection.update({ reconnect: true });
      app.clock.advance(100_000);
      expect(app.status).toBe('closed');
    },
  );

  test('reconnect: false lets an attempt go on', () => {
    const app = start({});
    app.link().breaks();
    app.attempt();
    app.connection.update({ reconnect: false });
    app.network.server.accepts();
    expect(app.status).toBe('open');
  });

  test('shorter delays shorten a wait; longer ones do not prolong it', () => {
    const app = start({});
    app.link().breaks();
    const lostAt = app.clock.now();
    app.connection.update(reconnect({ minDelay: 20_000 }));
    app.clock.advance(1_000);
    app.connection.update(reconnect({ minDelay: 3_000 }));
    app.until(() => app.connection.getSnapshot().readyState === 0);
    expect(app.startedAt - lostAt).toBe(3_000);
  });

  test.each(['idle', 'connecting', 'waiting', 'hidden page'])(
    'smaller limits of the outbox drop what is above them: %s',
    (state) => {
      const app = start({});
      STATES[state]?.(app);
      for (const message of ['a', 'b', 'c']) app.connection.send(message);
      app.log.length = 0;
      app.connection.update({ outbox: { maxMessages: 1 } });
      expect(app.log).toEqual(['drop a,b overflow']);
    },
  );

  test('smaller limits of the outbox drop nothing while a link is open', () => {
    const app = start({});
    app.network.uplinkIsStuck = true;
    app.link().drainsTo(2 ** 21);
    for (const message of ['a', 'b', 'c']) app.connection.send(message);
    app.connection.update({ outbox: false });
    expect(app.log.join()).not.toContain('drop');
    app.network.server.breaks();
    expect(app.log).toContain('drop a,b,c overflow');
  });

  test('a linger that is shorter than the time since the release ends the connection', () => {
    const app = start({});
    app.link();
    app.release();
    app.clock.advance(5_000);
    app.connection.update({ linger: 2_000 });
    app.clock.advance(0);
    expect(app.status).toBe('idle');
    expect(app.clock.pendingTimers).toBe(0);
  });

  test('a linger that changes closes nothing that is held or was opened', () => {
    const app = start({});
    app.link();
    app.connection.update({ linger: 0 });
    app.connection.open();
    app.clock.advance(5_000);
    expect(app.status).toBe('open');
  });

  test('binaryType that changes while the url function is called applies to its link', async () => {
    const app = start({ url: () => URL_A });
    app.hold();
    app.connection.update({ binaryType: 'blob' });
    await settle();
    app.network.server.accepts();
    expect(app.network.socket.binaryType).toBe('blob');
  });

  test('a shorter interval brings the next ping forward', () => {
    const app = start({});
    app.link();
    app.until(() => app.pings() > 0);
    const pingedAt = app.clock.now();
    app.clock.advance(1_000);
    app.connection.update(heartbeat({ interval: 3_000 }));
    expect(app.until(() => app.pings() > 1) - pingedAt).toBe(3_000);
  });
});
