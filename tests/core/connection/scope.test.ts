import { describe, expect, test } from 'vitest';
import { settle, simulate, simulateOpen, URL_A, URL_B } from '../../support/simulation/world.ts';

const ADA = 'ws://server.test/live?token=1';
const ADA_LATER = 'ws://server.test/live?token=2';

describe('a new scope', () => {
  test('replaces the link, empties the outbox and forgets the last message', () => {
    const { connection, network, log } = simulateOpen();
    network.server.sends('for ada');
    network.server.startsClosing();
    connection.send('from ada');
    log.length = 0;
    connection.update({ url: URL_B });
    expect(connection.getSnapshot()).toMatchObject({
      status: 'connecting',
      readyState: 0,
      attempt: 0,
      cause: null,
    });
    expect(connection.lastMessage).toBeNull();
    expect(connection.scope).toBe(URL_B);
    network.server.accepts();
    expect(network.server.received).toEqual([]);
    expect(log.toSorted()).toEqual([
      'close requested',
      'drop from ada scope',
      'open',
      'status connecting',
      'status open',
    ]);
    expect(network.liveSockets).toBe(1);
  });

  test('forgets the failures of the old one', () => {
    const { connection, network } = simulateOpen();
    network.server.breaks();
    connection.update({ url: URL_B });
    expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', attempt: 0 });
  });

  test('empties the outbox of an idle connection, too', () => {
    const { connection, network, log } = simulate();
    connection.send('from ada');
    connection.update({ url: URL_B });
    expect(log).toEqual(['drop from ada scope', 'status idle']);
    connection.open();
    network.server.accepts();
    expect(network.server.received).toEqual([]);
  });

  test('takes what is sent right after the change', () => {
    const { connection, network } = simulateOpen();
    connection.update({ url: URL_B });
    connection.send('from bob');
    network.server.accepts();
    expect(network.server.received).toEqual(['from bob']);
  });

  test('opens for its holder even if the old one was closed or given up', () => {
    for (const end of ['close', 'give up'] as const) {
      const { connection, network, clock } = simulate();
      connection.retain();
      network.server.accepts();
      if (end === 'close') connection.close();
      else network.server.closesWith(1002);
      clock.advance(3_000);
      connection.update({ url: URL_B });
      expect(connection.getSnapshot().status).toBe('connecting');
    }
  });

  test('that nobody wants stays idle', () => {
    const { connection, network } = simulate();
    connection.update({ url: URL_B });
    expect(connection.getSnapshot().status).toBe('idle');
    expect(network.sockets).toHaveLength(0);
  });

  test('is a new scope option under the same url, too', () => {
    const { connection, network } = simulateOpen({ scope: 'ada' });
    connection.update({ scope: 'bob' });
    expect(network.sockets).toHaveLength(2);
    expect(connection.scope).toBe('bob');
  });
});

describe('another url under the same explicit scope', () => {
  test('only replaces the link', () => {
    const { connection, network, log } = simulateOpen({ url: ADA, scope: 'ada' });
    network.server.sends('hello');
    network.server.startsClosing();
    connection.send('a');
    log.length = 0;
    connection.update({ url: ADA_LATER });
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'requested' },
    });
    expect(connection.lastMessage).toBe('hello');
    network.server.accepts();
    expect(network.socket.url).toBe(ADA_LATER);
    expect(network.server.received).toEqual(['a']);
    expect(log).toEqual([
      'close requested',
      'status reconnecting',
      'open again',
      'flush a',
      'status open',
    ]);
  });

  test('gives what had to be given up another try', () => {
    const { connection, network } = simulate({ url: ADA, scope: 'ada' });
    connection.retain();
    network.server.accepts();
    network.server.closesWith(1002);
    connection.update({ url: ADA_LATER });
    expect(connection.getSnapshot().status).toBe('connecting');
  });
});

describe('an equal value replaces nothing', () => {
  test('whatever its identity', () => {
    const { connection, network } = simulateOpen({
      url: new URL(URL_A),
      protocols: ['a', 'b'],
    });
    const before = connection.getSnapshot();
    connection.update({ url: new URL(URL_A), protocols: ['a', 'b'], scope: undefined });
    expect(network.sockets).toHaveLength(1);
    expect(connection.getSnapshot()).toBe(before);
  });

  test('but other protocols replace the link', () => {
    const { connection, network } = simulateOpen({ protocols: ['a'] });
    connection.update({ protocols: ['a', 'b'] });
    expect(network.sockets).toHaveLength(2);
    expect(network.socket.protocols).toEqual(['a', 'b']);
    expect(connection.getSnapshot().status).toBe('reconnecting');
  });
});

describe('fault 9: the url changes while connecting', () => {
  test('only the last one connects, and the older says nothing more', () => {
    const { connection, network, log } = simulate();
    connection.open();
    const older = network.server;
    connection.update({ url: URL_B });
    older.accepts();
    older.sends('stale');
    older.breaks();
    expect(connection.getSnapshot().status).toBe('connecting');
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
    expect(log).toEqual(['status connecting', 'open', 'status open']);
  });

  test('and a url function of before is aborted', async () => {
    let aborted: AbortSignal | undefined;
    const { connection, network } = simulate({
      url: ({ signal }) => {
        aborted = signal;
        return Promise.resolve(URL_A);
      },
    });
    connection.open();
    connection.update({ url: URL_B });
    await settle();
    expect(aborted?.aborted).toBe(true);
    expect(network.sockets.map(({ url }) => url)).toEqual([URL_B]);
  });
});

describe('nothing to link to', () => {
  test('closes at once, empties the outbox and forgets the last message', () => {
    const { connection, network, clock, signals, log } = simulateOpen();
    network.server.sends('hello');
    network.server.startsClosing();
    connection.send('a');
    log.length = 0;
    connection.update({ url: null });
    expect(connection.getSnapshot()).toMatchObject({ status: 'idle', readyState: 3, cause: null });
    expect(log).toEqual(['close requested finally', 'drop a closed', 'status idle']);
    expect(connection.lastMessage).toBeNull();
    expect(connection.scope).toBeNull();
    expect(connection.socket).toBeNull();
    expect([clock.pendingTimers, signals.listeners, network.listeners]).toEqual([0, 0, 0]);
  });

  test('until there is a url again, for whoever still holds it', () => {
    const { connection, network } = simulate({ url: null });
    connection.retain();
    connection.update({ url: URL_A });
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
    connection.update({ url: undefined });
    expect(connection.getSnapshot().status).toBe('idle');
    connection.update({ url: URL_A });
    expect(connection.getSnapshot().status).toBe('connecting');
  });

  test('makes even a closed connection idle', () => {
    const { connection, clock } = simulateOpen();
    connection.close();
    clock.advance(3_000);
    connection.update({ url: null });
    expect(connection.getSnapshot()).toMatchObject({ status: 'idle', cause: null });
  });
});

describe('update()', () => {
  test('merges what is given, and undefined stands for the default', () => {
    const { connection, clock, network } = simulate({ connectTimeout: 500, closeTimeout: 100 });
    connection.update({ closeTimeout: undefined });
    connection.open();
    clock.advance(500);
    expect(connection.getSnapshot().attempt).toBe(1);
    connection.reconnect();
    network.server.accepts();
    network.goesSilent();
    connection.close();
    clock.advance(2_999);
    expect(connection.getSnapshot().status).toBe('closing');
    clock.advance(1);
    expect(connection.getSnapshot().status).toBe('closed');
  });

  test('with a wrong option throws and changes nothing', () => {
    const { connection, network } = simulateOpen();
    const wrong = { url: URL_B, linger: -1 };
    expect(() => connection.update(wrong)).toThrow(/linger/);
    expect(network.sockets).toHaveLength(1);
    connection.update({});
    expect(network.sockets).toHaveLength(1);
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('puts the newest handlers and policies in force', () => {
    const { connection, network, log } = simulateOpen();
    connection.update({
      onMessage: (message) => log.push(`newest ${message as string}`),
      reconnect: false,
    });
    network.server.sends('a');
    connection.update({ onMessage: undefined });
    network.server.sends('b');
    network.server.breaks();
    expect(log).toEqual([
      'newest a',
      'message a',
      'message b',
      'close 1006 finally',
      'status closed',
    ]);
  });

  test('can be called in a handler, where it acts once the event in hand is over', () => {
    const { connection, network } = simulate({ scope: 'ada' });
    connection.retain();
    network.server.accepts();
    connection.on('close', () => connection.update({ scope: 'bob', url: URL_B }));
    network.server.closesWith(1002);
    expect(connection.getSnapshot().status).toBe('connecting');
    expect(network.socket.url).toBe(URL_B);
  });

  test('in a handler keeps a held connection wanted through a moment without a url', () => {
    const { connection, network } = simulate();
    connection.retain();
    const off = connection.on('open', () => {
      off();
      connection.update({ url: null });
      connection.update({ url: URL_B });
    });
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('connecting');
    expect(network.socket.url).toBe(URL_B);
  });

  test('in a handler of update() is the last word, and keeps the scopes apart', () => {
    const { connection, network } = simulateOpen();
    const off = connection.on('close', () => {
      off();
      connection.update({ url: URL_B });
    });
    connection.update({ url: null });
    expect(connection.scope).toBe(URL_B);
    connection.send('for b');
    connection.update({ url: URL_A });
    network.server.accepts();
    expect(network.server.received).toEqual([]);
  });
});

test('those who read hear that the last message is gone, even where the snapshot stays the same', () => {
  const { connection, network } = simulateOpen();
  network.server.sends('of A');
  connection.close();
  connection.reconnect();
  const snapshot = connection.getSnapshot();
  const read: unknown[] = [];
  connection.subscribe(() => read.push(connection.lastMessage));
  connection.update({ url: URL_B });
  expect(connection.getSnapshot()).toBe(snapshot);
  expect(read).toEqual([null]);
});

describe('what is left behind', () => {
  test('the last message is gone before anybody hears of the new scope', () => {
    const { connection, network } = simulateOpen({ scope: 'ada' });
    network.server.sends('secret of ada');
    const seen: unknown[] = [];
    connection.subscribe(() => seen.push(connection.lastMessage));
    connection.update({ scope: 'bob', url: () => new Promise<string>(() => {}) });
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([null]));
  });

  test('what was queued for a url that never told its scope does not go to another', () => {
    const { connection, network, log } = simulate({ url: () => new Promise<string>(() => {}) });
    connection.open();
    connection.send('for A');
    connection.update({ url: URL_B });
    network.server.accepts();
    expect(network.server.received).toEqual([]);
    expect(log).toContain('drop for A scope');
  });

  test('a function that leads elsewhere starts anew, and says so', async () => {
    let url = URL_A;
    const { connection, network, clock, log } = simulate({ url: () => url });
    connection.open();
    await settle();
    network.server.accepts();
    network.server.sends('of A');
    url = URL_B;
    network.server.breaks();
    connection.send('for A');
    log.length = 0;
    clock.advance(5_000);
    await settle();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'connecting',
      attempt: 0,
      cause: null,
    });
    expect(connection.lastMessage).toBeNull();
    expect(log).toEqual(['drop for A scope', 'status connecting']);
  });
});

describe('what a handler wishes comes before what it sends next', () => {
  test('after update() to another url, for the next link', () => {
    const { connection, network } = simulate({ scope: 'ada' });
    const sent: unknown[] = [];
    connection.on('open', () => {
      if (network.sockets.length > 1) return;
      connection.update({ url: URL_B });
      sent.push(connection.send('for B'));
    });
    connection.open();
    const first = network.server;
    first.accepts();
    network.server.accepts();
    expect(sent).toEqual(['queued']);
    expect(first.received).toEqual([]);
    expect(network.server.received).toEqual(['for B']);
  });

  test('fault 34: after close(), for nobody', () => {
    const { connection, network } = simulate();
    connection.send('early');
    const sent: unknown[] = [];
    connection.on('open', () => {
      connection.close();
      sent.push(connection.send('late'));
    });
    connection.open();
    network.server.accepts();
    expect(sent).toEqual(['dropped']);
    expect(network.server.received).toEqual([]);
  });
});
