import { describe, expect, test, vi } from 'vitest';
import {
  type AttemptContext,
  type ConnectionOptions,
  createConnection,
  type Url,
} from '../../../src/core.ts';
import { takeReports } from '../../support/reports.ts';
import { SimulatedClock } from '../../../src/testing/simulation/clock.ts';
import { SimulatedNetwork } from '../../../src/testing/simulation/network.ts';
import { settle, simulate, URL_A, URL_B } from '../../support/simulation/world.ts';

type UrlFunction = (context: AttemptContext) => Url | Promise<Url>;

/** A connection whose url function has been called for the first time. */
async function openWith(url: UrlFunction, options = {}) {
  const world = simulate({ url, ...options });
  const release = world.connection.retain();
  await settle();
  return { ...world, release };
}

/** A url function that returns or throws these answers, one after another. */
function answering(...answers: (Url | Error)[]): UrlFunction {
  return () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer instanceof Error ? Promise.reject(answer) : answer;
  };
}

const withName = (name: string) => Object.assign(new Error('secret'), { name });

test('a url function is called for every attempt, with the number and the cause of the failures before', async () => {
  const url = vi.fn<UrlFunction>(({ attempt }) => `${URL_A}?try=${attempt}`);
  const { network, clock } = await openWith(url);
  network.server.refuses();
  clock.advance(1_750);
  await settle();
  expect(network.sockets.map((socket) => socket.url)).toEqual([`${URL_A}?try=0`, `${URL_A}?try=1`]);
  expect(url).toHaveBeenLastCalledWith({
    attempt: 1,
    cause: expect.objectContaining({ code: 1006 }),
    signal: expect.any(AbortSignal),
  });
});

test('a url function is not called before the connection is opened', async () => {
  const url = vi.fn<UrlFunction>(() => URL_A);
  simulate({ url });
  await settle();
  expect(url).not.toHaveBeenCalled();
});

test('protocols can come from a function', async () => {
  const { network } = await openWith(() => URL_A, { protocols: async () => ['token.1'] });
  expect(network.socket.protocols).toEqual(['token.1']);
});

describe('when a url or protocols function fails (fault 8)', () => {
  const throwing = () => {
    throw withName('AuthError');
  };

  test.each([
    ['throws', throwing],
    ['rejects', () => Promise.reject(withName('AuthError'))],
  ])(
    'a function that %s is a failed attempt, and the cause has the name of the error',
    async (_, url) => {
      const { connection, clock, log } = await openWith(url);
      const { status, cause, retryAt } = connection.getSnapshot();
      expect(status).toBe('reconnecting');
      expect(cause).toMatchObject({ kind: 'error', name: 'AuthError' });
      expect(cause).toMatchObject({ message: 'The url or protocols function failed.' });
      expect(retryAt).toBe(clock.wall() + 1_750);
      expect(log).toContain('close AuthError');
    },
  );

  test('a url that cannot be converted to text is a failed attempt', async () => {
    const { connection, network, clock } = await openWith(() => Object.create(null) as URL);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'error', name: 'TypeError' },
      retryAt: clock.wall() + 1_750,
    });
    expect(network.sockets).toHaveLength(0);
  });

  test.each<[string, unknown, string, unknown[]]>([
    ['undefined', undefined, 'Error', []],
    ['a string', 'AuthError', 'Error', []],
    ['an object whose name is no string', { name: ['AuthError'] }, 'AuthError', []],
    [
      'an object whose name cannot be text',
      { name: { toString: throwing } },
      'Error',
      [withName('AuthError')],
    ],
    [
      'an error whose name throws',
      Object.defineProperty(new Error('no'), 'name', { get: throwing }),
      'Error',
      // The library reads the name, and so does the handler for the error event.
      [withName('AuthError'), withName('AuthError')],
    ],
  ])(
    'a function that rejects with %s leads to a cause of plain data',
    async (_, reason, name, reports) => {
      const { connection } = await openWith(() => {
        throw reason;
      });
      const { status, cause } = connection.getSnapshot();
      expect(status).toBe('reconnecting');
      expect(cause).toMatchObject({ kind: 'error', name });
      expect(takeReports()).toEqual(reports);
    },
  );

  test('shouldReconnect can end the connection after a rejection', async () => {
    const { connection } = await openWith(answering(withName('AuthError')), {
      reconnect: { shouldReconnect: (cause: { name?: string }) => cause.name !== 'AuthError' },
    });
    expect(connection.getSnapshot().status).toBe('closed');
  });

  test('a function that never settles fails at connectTimeout, is aborted, and its late answer is ignored', async () => {
    let signal: AbortSignal | undefined;
    let answer: (url: Url) => void = () => {};
    const { connection, network, clock } = await openWith((context) => {
      ({ signal } = context);
      return new Promise<Url>((resolve) => (answer = resolve));
    });
    clock.advance(9_999);
    expect(signal?.aborted).toBe(false);
    clock.advance(1);
    expect(signal?.aborted).toBe(true);
    expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'connect' });
    answer(URL_A);
    await settle();
    expect(network.sockets).toHaveLength(0);
  });

  test.each<[string, () => Promise<string[]>]>([
    ['throws', throwing],
    ['rejects', () => Promise.reject(withName('AuthError'))],
  ])('a protocols function that %s is a failed attempt', async (_, protocols) => {
    const { connection, network, clock } = await openWith(() => URL_A, { protocols });
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'error', name: 'AuthError' },
      retryAt: clock.wall() + 1_750,
    });
    expect(network.sockets).toHaveLength(0);
  });

  test('a protocols function that never settles fails at connectTimeout', async () => {
    const { connection, network, clock } = await openWith(() => URL_A, {
      protocols: () => new Promise<string>(() => {}),
    });
    clock.advance(10_000);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'timeout', phase: 'connect' },
    });
    expect(network.sockets).toHaveLength(0);
  });

  test('a function that rejects after close() has no effect', async () => {
    let reject: (error: Error) => void = () => {};
    const { connection, log } = await openWith(
      () => new Promise<Url>((_, refuse) => (reject = refuse)),
    );
    connection.close();
    log.length = 0;
    reject(withName('AbortError'));
    await settle();
    expect(log).toEqual([]);
  });

  test.each(['close', 'release', 'disable', 'reconnect'] as const)(
    'a function that has not answered yet is aborted on %s',
    async (end) => {
      const signals: AbortSignal[] = [];
      const { connection, clock, release } = await openWith(({ signal }) => {
        signals.push(signal);
        return new Promise<Url>(() => {});
      });
      if (end === 'close') connection.close();
      if (end === 'disable') connection.update({ url: null });
      if (end === 'reconnect') connection.reconnect();
      if (end === 'release') release();
      clock.advance(1_000);
      expect(signals[0]?.aborted).toBe(true);
    },
  );

  test('a function that fails at once, with a retry delay of 0, does not block the page', async () => {
    let calls = 0;
    const { connection } = await openWith(
      () => {
        if (++calls > 100) return new Promise<Url>(() => {});
        throw withName('AuthError');
      },
      { reconnect: { shouldReconnect: () => 0 } },
    );
    for (let turn = 0; turn < 100; turn++) await settle();
    expect(connection.getSnapshot().attempt).toBeLessThan(50);
  });
});

test.each([{}, false, 0, new Response(), []])(
  'a url function that returns no url, such as %o, ends the connection, and the cause says what to return (fault 72)',
  async (value) => {
    const { connection, network } = await openWith(() => value as never);
    expect(network.sockets).toEqual([]);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: {
        kind: 'error',
        name: 'TypeError',
        message: 'The url function returned no url: return a text, a URL or null.',
      },
    });
  },
);

describe('the error of a url or protocols function (fault 71)', () => {
  const authError = withName('AuthError');
  const rejecting = () => Promise.reject(authError);

  /** Opens a connection without any listener for its errors; `simulate()` has one. */
  async function openUnheard(options: ConnectionOptions) {
    const clock = new SimulatedClock();
    const network = new SimulatedNetwork(clock);
    const connection = createConnection({
      random: () => 0.5,
      clock,
      signals: () => () => {},
      WebSocket: network.WebSocket,
      ...options,
    });
    connection.retain();
    await settle();
    const nextAttempt = async () => {
      clock.advance(clock.nextDue() - clock.now());
      await settle();
    };
    return { connection, network, clock, nextAttempt };
  }

  test.each<[string, ConnectionOptions]>([
    ['url', { url: rejecting }],
    ['protocols', { url: URL_A, protocols: rejecting }],
  ])('of a %s function is an error event for every attempt, ahead of close', async (_, options) => {
    const { connection, nextAttempt } = await openUnheard({ url: null });
    const heard: unknown[] = [];
    connection.on('error', (error) => heard.push(error));
    connection.on('close', () => heard.push('close'));
    connection.update(options);
    await settle();
    await nextAttempt();
    expect(heard).toEqual([authError, 'close', authError, 'close']);
    expect(heard[0]).toBe(authError);
  });

  test('reaches the onError option, and is not reported then', async () => {
    const onError = vi.fn<(error: Error) => void>();
    await openUnheard({ url: rejecting, onError });
    expect(onError.mock.calls).toEqual([[authError]]);
  });

  test('is reported once an outage where nobody listens', async () => {
    const answers = [authError, withName('Second'), URL_A, withName('Third')];
    const url = answering(...answers);
    const { connection, network, nextAttempt } = await openUnheard({ url, scope: 'ada' });
    expect(takeReports()).toEqual([authError]);
    await nextAttempt();
    expect(connection.getSnapshot().cause).toMatchObject({ name: 'Second' });
    expect(takeReports()).toEqual([]);
    await nextAttempt();
    network.server.accepts();
    network.server.breaks();
    await nextAttempt();
    await nextAttempt();
    expect(takeReports()).toEqual([answers[3]]);
  });

  test('is reported when its only listener has left', async () => {
    const { connection, nextAttempt } = await openUnheard({ url: null });
    const stop = connection.on('error', () => {});
    connection.update({ url: rejecting });
    await settle();
    expect(takeReports()).toEqual([]);
    stop();
    await nextAttempt();
    expect(takeReports()).toEqual([authError]);
  });

  test.each([['no'], [undefined], [null], [{ name: 'AuthError' }], [Object.create(null)]])(
    'that is no Error is wrapped in one, as its cause: %s',
    async (reason) => {
      const { connection } = await openUnheard({
        url: () => {
          throw reason;
        },
      });
      const [report] = takeReports() as [Error];
      expect(report).toBeInstanceOf(Error);
      expect(report.message).toBe('The url or protocols function failed.');
      expect(report.cause).toBe(reason);
      const { name = 'Error' } = Object(reason);
      expect(connection.getSnapshot().cause).toMatchObject({ kind: 'error', name });
    },
  );

  test('is a TypeError for a url that cannot be converted to text', async () => {
    await openUnheard({ url: () => Object.create(null) as URL });
    expect(takeReports()).toEqual([expect.any(TypeError)]);
  });

  test('is neither an event nor reported once the attempt is given up', async () => {
    const onError = vi.fn<(error: Error) => void>();
    for (const options of [{}, { onError }]) {
      const { connection } = await openUnheard({
        ...options,
        url: ({ signal }) =>
          new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(withName('AbortError'))),
          ),
      });
      connection.close();
      await settle();
      expect(connection.getSnapshot().cause).toEqual({ kind: 'requested' });
    }
    expect(onError).not.toHaveBeenCalled();
  });

  test.each(['close', 'reconnect'] as const)(
    'can lead to %s() in its handler, and the failed attempt then says nothing more',
    async (call) => {
      const answers = [authError, URL_A];
      const { connection, network } = await openUnheard({ url: null });
      const causes: unknown[] = [];
      connection.on('close', (cause) => causes.push(cause.kind));
      connection.on('error', () => connection[call]());
      connection.update({ url: answering(...answers) });
      await settle();
      expect(causes).toEqual(call === 'close' ? ['requested'] : []);
      expect(network.liveSockets).toBe(call === 'close' ? 0 : 1);
    },
  );
});

describe('a url function that returns null', () => {
  test('makes the connection idle, without a socket or timer', async () => {
    const { connection, network, clock, signals } = await openWith(answering(null));
    expect(connection.getSnapshot()).toMatchObject({ status: 'idle', cause: null });
    expect(connection.scope).toBeNull();
    expect(connection.send('a')).toBe('dropped');
    expect([network.sockets.length, clock.pendingTimers, signals.listeners]).toEqual([0, 0, 0]);
  });

  test('empties the outbox and forgets the last message', async () => {
    const { connection, network, clock, log } = await openWith(answering(URL_A, null));
    network.server.accepts();
    network.server.sends('hello');
    network.server.breaks();
    connection.send('a');
    clock.advance(1_750);
    await settle();
    expect(log).toContain('drop a closed');
    expect(connection.lastMessage).toBeNull();
  });

  test('is called again by open()', async () => {
    const { connection, network } = await openWith(answering(null, URL_A));
    connection.open();
    await settle();
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('does not drop what is sent after open() calls it again', async () => {
    const { connection, network } = await openWith(answering(null, URL_A));
    connection.open();
    expect(connection.send('a')).toBe('queued');
    await settle();
    network.server.accepts();
    expect(network.server.received).toEqual(['a']);
  });
});

describe('the scope of a url function', () => {
  test('is the origin and path of the url that it returns', async () => {
    const { connection } = await openWith(() => `${URL_A}?token=1`);
    expect(connection.scope).toBe(URL_A);
  });

  test('is unknown before it answers, and messages sent by then are kept', async () => {
    const { connection, network } = await openWith(() => `${URL_A}?token=1`);
    connection.send('a');
    network.server.accepts();
    expect(network.server.received).toEqual(['a']);
    const early = simulate({ url: () => URL_A });
    early.connection.send('first');
    early.connection.open();
    await settle();
    early.network.server.accepts();
    expect(early.network.server.received).toEqual(['first']);
  });

  test('stays the same while only the query changes', async () => {
    const { connection, network, clock, log } = await openWith(
      answering(`${URL_A}?token=1`, `${URL_A}?token=2`),
    );
    network.server.accepts();
    network.server.sends('hello');
    network.server.breaks();
    connection.send('a');
    clock.advance(1_750);
    await settle();
    network.server.accepts();
    expect(network.server.received).toEqual(['a']);
    expect(connection.lastMessage).toBe('hello');
    expect(log).toContain('open again');
  });

  test('changes with the path, and nothing of the old scope reaches the new one', async () => {
    const { connection, network, clock, log } = await openWith(answering(URL_A, URL_B));
    network.server.accepts();
    network.server.sends('hello');
    network.server.breaks();
    connection.send('a');
    clock.advance(1_750);
    await settle();
    expect(log).toContain('drop a scope');
    expect(connection.lastMessage).toBeNull();
    expect(connection.scope).toBe(URL_B);
    network.server.accepts();
    expect(network.server.received).toEqual([]);
    expect(log).not.toContain('open again');
  });

  test('can change during an attempt, and close() in the drop handler then leaves no socket', async () => {
    const { connection, network, clock } = await openWith(answering(URL_A, URL_B));
    network.server.refuses();
    connection.send('a');
    connection.on('drop', () => connection.close());
    clock.advance(1_750);
    await settle();
    expect(connection.getSnapshot().status).toBe('closed');
    expect(network.sockets).toHaveLength(1);
  });

  test('is the scope option if there is one', async () => {
    const { connection, network, clock } = await openWith(answering(URL_A, URL_B), {
      scope: 'ada',
    });
    network.server.accepts();
    network.server.breaks();
    connection.send('a');
    clock.advance(1_750);
    await settle();
    network.server.accepts();
    expect(network.server.received).toEqual(['a']);
    expect(connection.scope).toBe('ada');
  });
});

test('a new url function keeps the link, and is called for the next attempt', async () => {
  const { connection, network, clock } = await openWith(() => URL_A);
  network.server.accepts();
  connection.update({ url: () => `${URL_A}?new` });
  await settle();
  expect(network.sockets).toHaveLength(1);
  network.server.breaks();
  clock.advance(1_750);
  await settle();
  expect(network.socket.url).toBe(`${URL_A}?new`);
});
