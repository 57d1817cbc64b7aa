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

  test('starts with no failed attempts', () => {
    const { connection, network } = simulateOpen();
    network.server.breaks();
    connection.update({ url: URL_B });
    expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', attempt: 0 });
  });

  test('empties the outbox of an idle connection', () => {
    const { connection, network, log } = simulate();
    connection.send('from ada');
    connection.update({ url: URL_B });
    expect(log).toEqual(['drop from ada scope', 'status idle']);
    connection.open();
    network.server.accepts();
    expect(network.server.received).toEqual([]);
  });

  test('gets the messages that are sent right after the change', () => {
    const { connection, network } = simulateOpen();
    connection.update({ url: URL_B });
    connection.send('from bob');
    network.server.accepts();
    expect(network.server.received).toEqual(['from bob']);
  });

  test('opens for a holder even if the connection was closed or had given up before', () => {
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

  test('stays idle without a holder', () => {
    const { connection, network } = simulate();
    connection.update({ url: URL_B });
    expect(connection.getSnapshot().status).toBe('idle');
    expect(network.sockets).toHaveLength(0);
  });

  test('begins when the scope option changes, even under the same url', () => {
    const { connection, network } = simulateOpen({ scope: 'ada' });
    connection.update({ scope: 'bob' });
    expect(network.sockets).toHaveLength(2);
    expect(connection.scope).toBe('bob');
  });
});

describe('another url under the same explicit scope', () => {
  test('replaces the link, and keeps the outbox and the last message', () => {
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

  test('starts another attempt of a connection that had given up', () => {
    const { connection, network } = simulate({ url: ADA, scope: 'ada' });
    connection.retain();
    network.server.accepts();
    network.server.closesWith(1002);
    connection.update({ url: ADA_LATER });
    expect(connection.getSnapshot().status).toBe('connecting');
  });
});

describe('an update with equal values', () => {
  test('keeps the link, even if the objects are new', () => {
    const { connection, network } = simulateOpen({
      url: new URL(URL_A),
      protocols: ['a', 'b'],
    });
    const before = connection.getSnapshot();
    connection.update({ url: new URL(URL_A), protocols: ['a', 'b'], scope: undefined });
    expect(network.sockets).toHaveLength(1);
    expect(connection.getSnapshot()).toBe(before);
  });

  test('replaces the link once the protocols differ', () => {
    const { connection, network } = simulateOpen({ protocols: ['a'] });
    connection.update({ protocols: ['a', 'b'] });
    expect(network.sockets).toHaveLength(2);
    expect(network.socket.protocols).toEqual(['a', 'b']);
    expect(connection.getSnapshot().status).toBe('reconnecting');
  });
});

describe('a url that changes while connecting (fault 9)', () => {
  test('replaces the attempt, and the events of the old socket are ignored', () => {
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

  test('aborts the url function of the attempt before', async () => {
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

describe('a url of null', () => {
  test('closes the link at once, empties the outbox and forgets the last message', () => {
    const { connection, network, clock, signals, log } = simulateOpen();
    network.server.sends('hello');
    network.server.startsClosing();
    connection.send('a');
    log.length = 0;
    connection.update({ url: null });
    expect(connection.getSnapshot()).toMatchObject({ status: 'idle', readyState: 3, cause: null });
    expect(log).toEqual(['close requested final', 'drop a closed', 'status idle']);
    expect(connection.lastMessage).toBeNull();
    expect(connection.scope).toBeNull();
    expect(connection.socket).toBeNull();
    expect([clock.pendingTimers, signals.listeners, network.listeners]).toEqual([0, 0, 0]);
  });

  test('keeps the connection idle until there is a url again, which opens it for its holders', () => {
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

  test('makes a closed connection idle', () => {
    const { connection, clock } = simulateOpen();
    connection.close();
    clock.advance(3_000);
    connection.update({ url: null });
    expect(connection.getSnapshot()).toMatchObject({ status: 'idle', cause: null });
  });
});

describe('update()', () => {
  test('changes the given options, and undefined restores a default', () => {
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

  test('replaces handlers and policies at once', () => {
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
      'close 1006 final',
      'status closed',
    ]);
  });

  test('can be called in a close handler, and connects to the new url', () => {
    const { connection, network } = simulate({ scope: 'ada' });
    connection.retain();
    network.server.accepts();
    connection.on('close', () => connection.update({ scope: 'bob', url: URL_B }));
    network.server.closesWith(1002);
    expect(connection.getSnapshot().status).toBe('connecting');
    expect(network.socket.url).toBe(URL_B);
  });

  test('called twice in a handler, with null and then a url, connects for the holder', () => {
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

  test('called in a handler during another update() decides the scope, and no message goes to another scope', () => {
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

test('subscribers are notified that the last message is gone, even where the snapshot stays the same', () => {
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

describe('when the scope changes', () => {
  test('the last message is gone before subscribers are notified', () => {
    const { connection, network } = simulateOpen({ scope: 'ada' });
    network.server.sends('secret of ada');
    const seen: unknown[] = [];
    connection.subscribe(() => seen.push(connection.lastMessage));
    connection.update({ scope: 'bob', url: () => new Promise<string>(() => {}) });
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([null]));
  });

  test('messages queued for a url function that never answered are dropped', () => {
    const { connection, network, log } = simulate({ url: () => new Promise<string>(() => {}) });
    connection.open();
    connection.send('for A');
    connection.update({ url: URL_B });
    network.server.accepts();
    expect(network.server.received).toEqual([]);
    expect(log).toContain('drop for A scope');
  });

  test('because a url function returns another url, the outbox, the attempts and the last message are reset', async () => {
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

describe('what a handler sends after changing the connection', () => {
  test('goes to the next link, after update() to another url', () => {
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

  test('is dropped after close() (fault 34)', () => {
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
