import { describe, expect, test, vi } from 'vitest';
import type { AttemptContext, Url } from '../../../src/core.ts';
import { takeReports } from '../../support/reports.ts';
import { settle, simulate, URL_A, URL_B } from '../../support/simulation/world.ts';

type UrlFunction = (context: AttemptContext) => Url | Promise<Url>;

/** A connection with a url function that is being asked for the first time. */
async function asking(url: UrlFunction, options = {}) {
  const world = simulate({ url, ...options });
  const release = world.connection.retain();
  await settle();
  return { ...world, release };
}

/** A url function that does what the next of the answers says. */
function answering(...answers: (Url | Error)[]): UrlFunction {
  return () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer instanceof Error ? Promise.reject(answer) : answer;
  };
}

const withName = (name: string) => Object.assign(new Error('secret'), { name });

test('a function is called for every attempt, and told of the failures before it', async () => {
  const url = vi.fn<UrlFunction>(({ attempt }) => `${URL_A}?try=${attempt}`);
  const { network, clock } = await asking(url);
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

test('it is not called before the connection is wanted', async () => {
  const url = vi.fn<UrlFunction>(() => URL_A);
  simulate({ url });
  await settle();
  expect(url).not.toHaveBeenCalled();
});

test('protocols may come from a function as well', async () => {
  const { network } = await asking(() => URL_A, { protocols: async () => ['token.1'] });
  expect(network.socket.protocols).toEqual(['token.1']);
});

describe('fault 8: a function that', () => {
  const throwing = () => {
    throw withName('AuthError');
  };

  test.each([
    ['throws', throwing],
    ['rejects', () => Promise.reject(withName('AuthError'))],
  ])('%s is a failed attempt, whose cause has the name of the error', async (_, url) => {
    const { connection, clock, log } = await asking(url);
    const { status, cause, retryAt } = connection.getSnapshot();
    expect(status).toBe('reconnecting');
    expect(cause).toMatchObject({ kind: 'error', name: 'AuthError' });
    expect(cause).toMatchObject({ message: 'The url or protocols function failed.' });
    expect(retryAt).toBe(clock.wall() + 1_750);
    expect(log).toContain('close AuthError');
  });

  test('answers what cannot be made a text is a failed attempt', async () => {
    const { connection, network, clock } = await asking(() => Object.create(null) as URL);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'error', name: 'TypeError' },
      retryAt: clock.wall() + 1_750,
    });
    expect(network.sockets).toHaveLength(0);
  });

  test.each<[string, unknown, string, unknown[]]>([
    ['nothing', undefined, 'Error', []],
    ['a text', 'AuthError', 'Error', []],
    ['a name that is no text', { name: ['AuthError'] }, 'AuthError', []],
    [
      'a name that throws',
      Object.defineProperty(new Error('no'), 'name', { get: throwing }),
      'Error',
      [withName('AuthError')],
    ],
  ])('rejects with %s has a cause of plain data all the same', async (_, reason, name, reports) => {
    const { connection } = await asking(() => {
      throw reason;
    });
    const { status, cause } = connection.getSnapshot();
    expect(status).toBe('reconnecting');
    expect(cause).toMatchObject({ kind: 'error', name });
    expect(takeReports()).toEqual(reports);
  });

  test('rejects can end it all by the policy', async () => {
    const { connection } = await asking(answering(withName('AuthError')), {
      reconnect: { shouldReconnect: (cause: { name?: string }) => cause.name !== 'AuthError' },
    });
    expect(connection.getSnapshot().status).toBe('closed');
  });

  test('never settles fails at connectTimeout, is aborted, and ignored if it answers late', async () => {
    let signal: AbortSignal | undefined;
    let answer: (url: Url) => void = () => {};
    const { connection, network, clock } = await asking((context) => {
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
  ])('of protocols %s is a failed attempt as well', async (_, protocols) => {
    const { connection, network, clock } = await asking(() => URL_A, { protocols });
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'error', name: 'AuthError' },
      retryAt: clock.wall() + 1_750,
    });
    expect(network.sockets).toHaveLength(0);
  });

  test('of protocols never settles fails at connectTimeout as well', async () => {
    const { connection, network, clock } = await asking(() => URL_A, {
      protocols: () => new Promise<string>(() => {}),
    });
    clock.advance(10_000);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'timeout', phase: 'connect' },
    });
    expect(network.sockets).toHaveLength(0);
  });

  test('rejects late says nothing more', async () => {
    let reject: (error: Error) => void = () => {};
    const { connection, log } = await asking(
      () => new Promise<Url>((_, refuse) => (reject = refuse)),
    );
    connection.close();
    log.length = 0;
    reject(withName('AbortError'));
    await settle();
    expect(log).toEqual([]);
  });

  test.each(['close', 'release', 'disable', 'reconnect'] as const)(
    'is being asked at %s is aborted',
    async (end) => {
      const signals: AbortSignal[] = [];
      const { connection, clock, release } = await asking(({ signal }) => {
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

  test('fails at once does not keep the page from doing anything else', async () => {
    let calls = 0;
    const { connection } = await asking(
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

describe('null from a function', () => {
  test('means idle, without a socket or timer', async () => {
    const { connection, network, clock, signals } = await asking(answering(null));
    expect(connection.getSnapshot()).toMatchObject({ status: 'idle', cause: null });
    expect(connection.scope).toBeNull();
    expect(connection.send('a')).toBe('dropped');
    expect([network.sockets.length, clock.pendingTimers, signals.listeners]).toEqual([0, 0, 0]);
  });

  test('empties the outbox, and keeps nothing of the scope', async () => {
    const { connection, network, clock, log } = await asking(answering(URL_A, null));
    network.server.accepts();
    network.server.sends('hello');
    network.server.breaks();
    connection.send('a');
    clock.advance(1_750);
    await settle();
    expect(log).toContain('drop a closed');
    expect(connection.lastMessage).toBeNull();
  });

  test('can be followed by open(), which asks again', async () => {
    const { connection, network } = await asking(answering(null, URL_A));
    connection.open();
    await settle();
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('does not cost what is sent once it is asked again', async () => {
    const { connection, network } = await asking(answering(null, URL_A));
    connection.open();
    expect(connection.send('a')).toBe('queued');
    await settle();
    network.server.accepts();
    expect(network.server.received).toEqual(['a']);
  });
});

describe('the scope of a function', () => {
  test('is the origin and path that it resolves to', async () => {
    const { connection } = await asking(() => `${URL_A}?token=1`);
    expect(connection.scope).toBe(URL_A);
  });

  test('is not known before: what is sent by then is kept', async () => {
    const { connection, network } = await asking(() => `${URL_A}?token=1`);
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

  test('stays while only the query changes', async () => {
    const { connection, network, clock, log } = await asking(
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

  test('changes with the path: nothing of the old one reaches the new one', async () => {
    const { connection, network, clock, log } = await asking(answering(URL_A, URL_B));
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

  test('may change at an unlucky moment: what a drop handler closes makes no socket', async () => {
    const { connection, network, clock } = await asking(answering(URL_A, URL_B));
    network.server.refuses();
    connection.send('a');
    connection.on('drop', () => connection.close());
    clock.advance(1_750);
    await settle();
    expect(connection.getSnapshot().status).toBe('closed');
    expect(network.sockets).toHaveLength(1);
  });

  test('is the explicit one where there is one', async () => {
    const { connection, network, clock } = await asking(answering(URL_A, URL_B), { scope: 'ada' });
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

test('a new function identity replaces nothing, and is asked the next time', async () => {
  const { connection, network, clock } = await asking(() => URL_A);
  network.server.accepts();
  connection.update({ url: () => `${URL_A}?new` });
  await settle();
  expect(network.sockets).toHaveLength(1);
  network.server.breaks();
  clock.advance(1_750);
  await settle();
  expect(network.socket.url).toBe(`${URL_A}?new`);
});
