import { describe, expect, test, vi } from 'vitest';
import { lifeline } from '../../../src/core/lifeline/lifeline.ts';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import { presence as presenceExtension } from '../../../src/core/lifeline/presence.ts';
import type { ServerLifelineFrame } from '../../../src/core/protocol/frames.ts';
import { takeReports } from '../../support/reports.ts';
import { simulate, simulateOpen, URL_A, URL_B } from '../../support/simulation/world.ts';

const heartbeat = lifeline({ id: 'ada', interval: 1_000, timeout: 400 });
const WATCH = '{"lifeline":"watch"}';
const UNWATCH = '{"lifeline":"unwatch"}';

/** An open connection, its presence extension, and a server that sends lifeline frames. */
function open(options: ConnectionOptions = {}) {
  const world = simulateOpen({ heartbeat, ...options });
  return {
    ...world,
    presence: () => world.connection.extend(presenceExtension),
    serverSends: (...words: ServerLifelineFrame[]) =>
      world.network.server.sends(...words.map((word) => JSON.stringify(word))),
  };
}

const presenceList = (...online: string[]): ServerLifelineFrame => ({
  lifeline: 'presence',
  id: 'ada',
  online,
});

describe('the lifeline heartbeat', () => {
  test('sends pings with the id and the time of the client', () => {
    const { network, clock } = open();
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    clock.advance(100);
    expect(network.server.received).toEqual([
      '{"lifeline":"ping","id":"ada","timestamp":1700000000000}',
    ]);
  });

  test.each([undefined, {}, { id: '' }, { id: undefined }])(
    'works without an id: %j',
    (options) => {
      vi.spyOn(Date, 'now').mockReturnValue(5);
      const { ping } = lifeline(options);
      expect(typeof ping === 'function' && ping()).toBe('{"lifeline":"ping","timestamp":5}');
    },
  );

  test('refuses an id of more than 256 characters', () => {
    expect(() => lifeline({ id: 'x'.repeat(256) })).not.toThrow();
    expect(() => lifeline({ id: 'x'.repeat(257) })).toThrow(
      new TypeError('lifeline() takes an id that is a text of up to 256 characters.'),
    );
  });

  test('measures the latency by the pong, and does not deliver it as a message', () => {
    const { connection, clock, log, serverSends } = open();
    clock.advance(170);
    serverSends({ lifeline: 'pong', timestamp: 5 });
    expect(connection.getSnapshot().latency).toBe(70);
    clock.advance(400);
    expect(connection.getSnapshot().status).toBe('open');
    expect(log.join()).not.toContain('message');
  });

  test('counts another lifeline frame as a sign of life, but not as a pong', () => {
    const { connection, clock, log, serverSends } = open();
    clock.advance(110);
    serverSends({ lifeline: 'online', ids: ['grace'] });
    expect(connection.getSnapshot().latency).toBeNull();
    clock.advance(60);
    serverSends({ lifeline: 'pong', timestamp: 5 });
    expect(connection.getSnapshot().latency).toBe(70);
    clock.advance(330);
    expect(connection.getSnapshot().status).toBe('open');
    expect(log.join()).not.toContain('message');
  });

  test('delivers every other frame to the application', () => {
    const { network, log } = open();
    const others = ['ping', 'pong', '{"lifeline"', ' {"lifeline":"pong"}', '{"a":"lifeline"}'];
    network.server.sends(...others);
    expect(log).toEqual(others.map((frame) => `message ${frame}`));
  });
});

describe('presence', () => {
  test('sends no watch frame until the first watch()', () => {
    const { network, presence } = open();
    expect(network.server.received).toEqual([]);
    presence().watch(() => {});
    presence().watch(() => {});
    expect(network.server.received).toEqual([WATCH]);
  });

  test('sends a watch frame on every new link while there are watchers', () => {
    const { clock, network, presence } = open({ heartbeat: lifeline() });
    network.acceptsAll();
    const stop = presence().watch(() => {});
    network.server.breaks();
    clock.advance(5_000);
    expect(network.sockets).toHaveLength(2);
    expect(network.server.received[0]).toBe(WATCH);
    stop();
    network.server.breaks();
    clock.advance(5_000);
    expect(network.sockets).toHaveLength(3);
    expect(network.server.received).not.toContain(WATCH);
  });

  test('sends the watch frame once the link is open', () => {
    const { connection, network } = simulate({ heartbeat });
    connection.extend(presenceExtension).watch(() => {});
    connection.open();
    expect(network.server.received).toEqual([]);
    network.server.accepts();
    expect(network.server.received).toEqual([WATCH]);
  });

  test('keeps a list of who is online', () => {
    const { presence, serverSends } = open();
    const changed = vi.fn<() => void>();
    presence().watch(changed);
    expect([presence().list(), presence().isOnline('ada')]).toEqual([null, null]);
    serverSends(presenceList('ada', 'grace'));
    expect(presence().list()).toEqual(['ada', 'grace']);
    serverSends({ lifeline: 'online', ids: ['alan', 'grace'] });
    expect(presence().list()).toEqual(['ada', 'grace', 'alan']);
    serverSends({ lifeline: 'offline', ids: ['ada', 'nobody'] });
    expect(presence().list()).toEqual(['grace', 'alan']);
    expect(presence().isOnline('grace')).toBe(true);
    expect(presence().isOnline('ada')).toBe(false);
    expect(changed).toHaveBeenCalledTimes(3);
    expect(presence().list()).toBe(presence().list());
  });

  test('works with ids that are names of object properties', () => {
    const { presence, serverSends } = open();
    presence().watch(() => {});
    serverSends(presenceList('__proto__', 'constructor', ''));
    expect(presence().isOnline('__proto__')).toBe(true);
    expect(presence().isOnline('toString')).toBe(false);
    expect(presence().list()).toEqual(['__proto__', 'constructor', '']);
  });

  test('keeps its list until the server sends a new one on the next link', () => {
    const { clock, network, presence, serverSends } = open();
    network.acceptsAll();
    presence().watch(() => {});
    serverSends(presenceList('ada', 'grace'));
    network.server.breaks();
    clock.advance(5_000);
    expect(presence().list()).toEqual(['ada', 'grace']);
    serverSends(presenceList('grace'));
    expect(presence().list()).toEqual(['grace']);
  });

  test('knows nothing when the scope changes', () => {
    const { connection, presence, serverSends } = open();
    const changed = vi.fn<() => void>();
    presence().watch(changed);
    serverSends(presenceList('ada'));
    changed.mockClear();
    connection.update({ url: URL_B });
    expect(presence().list()).toBeNull();
    expect(changed).toHaveBeenCalledOnce();
  });

  test('sends an unwatch frame linger after the last watcher has stopped', () => {
    const { clock, network, presence, serverSends } = open({
      url: URL_A,
      linger: 500,
      heartbeat: lifeline(),
    });
    const requests = () =>
      network.server.received.filter((frame) => frame === WATCH || frame === UNWATCH);
    const stop = presence().watch(() => {});
    serverSends(presenceList('ada'));
    stop();
    stop();
    clock.advance(499);
    presence().watch(() => {})();
    clock.advance(499);
    expect(requests()).toEqual([WATCH]);
    clock.advance(1);
    expect(requests()).toEqual([WATCH, UNWATCH]);
    expect(presence().list()).toBeNull();
    presence().watch(() => {});
    expect(requests()).toEqual([WATCH, UNWATCH, WATCH]);
  });

  test('reports a watcher that throws, and calls the others', () => {
    const { presence, serverSends } = open();
    const error = new Error('mine');
    const changed = vi.fn<() => void>();
    presence().watch(() => {
      throw error;
    });
    presence().watch(changed);
    serverSends(presenceList('ada'));
    expect(changed).toHaveBeenCalledOnce();
    expect(takeReports()).toEqual([error]);
  });

  test.each([
    '{"lifeline":',
    '{"lifeline":"presence"}',
    '{"lifeline":"presence","online":7}',
    '{"lifeline":"presence","online":[1,{}]}',
    '{"lifeline":"online"}',
    '{"lifeline":"online","ids":"xy"}',
    '{"lifeline":"offline","ids":{"0":"ada"}}',
    '{"lifeline":"online","topic":7,"ids":["grace"]}',
    '{"lifeline":"unwatch","topic":null}',
  ])('ignores a malformed frame: %s', (frame) => {
    const { network, presence, serverSends, log } = open();
    presence().watch(() => {});
    serverSends(presenceList('ada'));
    network.server.sends(frame);
    expect(log).toEqual([]);
    expect(presence().list()).toEqual(['ada']);
  });

  test('does not notify watchers when the same people are online after a reconnect', () => {
    const { clock, network, presence, serverSends } = open();
    const changed = vi.fn<() => void>();
    network.acceptsAll();
    presence().watch(changed);
    serverSends(presenceList('ada', 'grace'));
    const before = presence().list();
    network.server.breaks();
    clock.advance(5_000);
    serverSends(presenceList('grace', 'ada'), { lifeline: 'online', ids: ['ada'] });
    expect(presence().list()).toBe(before);
    expect(changed).toHaveBeenCalledOnce();
  });

  test('ignores a change that arrives after the unwatch frame', () => {
    const { clock, presence, serverSends } = open({ linger: 0 });
    const stop = presence().watch(() => {});
    serverSends(presenceList('ada'));
    stop();
    clock.advance(1);
    serverSends({ lifeline: 'online', ids: ['grace'] });
    expect(presence().list()).toBeNull();
  });

  test('ignores a lifeline frame of an unknown kind, which a later server may send', () => {
    const { network, presence, log } = open();
    presence().watch(() => {});
    network.server.sends('{"lifeline":"weather","is":"fine"}');
    expect(log).toEqual([]);
    expect(presence().list()).toBeNull();
  });

  test('throws an error that asks for lifeline() when the connection has another heartbeat', () => {
    const { presence } = open({ heartbeat: true });
    expect(() => presence().watch(() => {})).toThrow(
      'usePresence() needs heartbeat={lifeline()} on its connection.',
    );
  });
});

describe('an empty list', () => {
  test('is known: nobody is not the same as unknown', () => {
    const { presence, serverSends } = open();
    const changed = vi.fn<() => void>();
    presence().watch(changed);
    serverSends({ lifeline: 'online', ids: ['grace'] });
    expect(presence().list()).toBeNull();
    serverSends(presenceList());
    expect([presence().list(), presence().isOnline('ada')]).toEqual([[], false]);
    expect(changed).toHaveBeenCalledOnce();
  });
});

describe('a list in parts', () => {
  test('counts when its last part has come, also if somebody leaves in between', () => {
    const { presence, serverSends } = open();
    const changed = vi.fn<() => void>();
    presence().watch(changed);
    serverSends({ ...presenceList('ada'), more: true } as ServerLifelineFrame);
    serverSends({ lifeline: 'online', ids: ['grace', 'alan'], more: true });
    serverSends({ lifeline: 'offline', ids: ['alan'] });
    expect([presence().list(), presence().isOnline('ada')]).toEqual([null, null]);
    serverSends({ lifeline: 'online', ids: ['joan'] });
    expect(presence().list()).toEqual(['ada', 'grace', 'joan']);
    expect(changed).toHaveBeenCalledOnce();
  });

  test('replaces the older list only when it is complete, and begins anew on the next link', () => {
    const { clock, network, presence, serverSends } = open();
    network.acceptsAll();
    presence().watch(() => {});
    serverSends(presenceList('ada'));
    serverSends({ ...presenceList('grace'), more: true } as ServerLifelineFrame);
    expect(presence().list()).toEqual(['ada']);
    network.server.breaks();
    clock.advance(5_000);
    serverSends({ ...presenceList('alan'), more: true } as ServerLifelineFrame);
    serverSends({ lifeline: 'online', ids: ['joan'] });
    expect(presence().list()).toEqual(['alan', 'joan']);
  });
});

describe('presence of a topic', () => {
  const WATCH_ROOM = '{"lifeline":"watch","topic":"room"}';
  const UNWATCH_ROOM = '{"lifeline":"unwatch","topic":"room"}';
  const roomList = (...online: string[]): ServerLifelineFrame => ({
    lifeline: 'presence',
    id: 'ada',
    topic: 'room',
    online,
  });

  test('has a list and listeners of its own', () => {
    const { network, presence, serverSends } = open();
    const [changed, roomChanged] = [vi.fn<() => void>(), vi.fn<() => void>()];
    presence().watch(changed);
    presence().watch(roomChanged, 'room');
    presence().watch(() => {}, 'room');
    expect(network.server.received).toEqual([WATCH, WATCH_ROOM]);
    serverSends(presenceList('ada', 'grace'), roomList('ada'));
    serverSends({ lifeline: 'online', topic: 'room', ids: ['joan'] });
    serverSends({ lifeline: 'online', topic: 'elsewhere', ids: ['mary'] });
    expect([presence().list(), presence().list('room')]).toEqual([
      ['ada', 'grace'],
      ['ada', 'joan'],
    ]);
    expect([presence().isOnline('joan'), presence().isOnline('joan', 'room')]).toEqual([
      false,
      true,
    ]);
    expect(presence().isOnline('joan', 'elsewhere')).toBeNull();
    expect([changed.mock.calls.length, roomChanged.mock.calls.length]).toEqual([1, 2]);
  });

  test('stays unknown if the server answers with the list of everybody, since it knows no topics', () => {
    const { clock, network, presence, serverSends } = open({ linger: 0 });
    const stop = presence().watch(() => {}, 'room');
    serverSends(presenceList('ada', 'grace'));
    expect([presence().list('room'), presence().list()]).toEqual([null, null]);
    stop();
    clock.advance(1);
    // For such a server, it would end the watch of everybody.
    expect(network.server.received).toEqual([WATCH_ROOM]);
  });

  test('is asked for on every new link, and ends linger after its own last listener', () => {
    const { clock, network, presence, serverSends } = open({
      heartbeat: lifeline(),
      linger: 500,
    });
    network.acceptsAll();
    presence().watch(() => {});
    const stop = presence().watch(() => {}, 'room');
    serverSends(roomList('ada'));
    network.server.breaks();
    clock.advance(5_000);
    const received = () =>
      network.server.received.filter((frame) => !JSON.stringify(frame).includes('ping'));
    expect(received()).toEqual([WATCH, WATCH_ROOM]);
    expect(presence().list('room')).toEqual(['ada']);
    serverSends(presenceList('ada'), roomList('ada'));
    stop();
    clock.advance(500);
    expect(received()).toEqual([WATCH, WATCH_ROOM, UNWATCH_ROOM]);
    expect([presence().list('room'), presence().list()]).toEqual([null, ['ada']]);
  });

  test('is unknown when the subscription has ended, until the server tells it again', () => {
    const { presence, serverSends } = open();
    const changed = vi.fn<() => void>();
    presence().watch(changed, 'room');
    serverSends(roomList('ada'), { lifeline: 'unwatch', topic: 'room' });
    expect(presence().list('room')).toBeNull();
    serverSends(roomList('ada', 'grace'));
    expect(presence().list('room')).toEqual(['ada', 'grace']);
    expect(changed).toHaveBeenCalledTimes(3);
  });
});

describe('public data', () => {
  test('come beside the ids, and are replaced and forgotten with them', () => {
    const { presence, serverSends } = open();
    const changed = vi.fn<() => void>();
    presence().watch(changed);
    serverSends({ ...presenceList('ada', 'grace'), data: { ada: { name: 'Ada' } } } as never);
    expect(presence().data('ada')).toEqual({ name: 'Ada' });
    expect([presence().data('grace'), presence().data('toString')]).toEqual([null, null]);
    const list = presence().list();
    serverSends({ lifeline: 'online', ids: ['ada'], data: { ada: 'Countess' } });
    expect([presence().data('ada'), presence().list() === list]).toEqual(['Countess', true]);
    expect(changed).toHaveBeenCalledTimes(2);
    serverSends({ lifeline: 'offline', ids: ['ada'] });
    expect(presence().data('ada')).toBeNull();
    serverSends({ lifeline: 'online', ids: ['ada'] });
    expect(presence().data('ada')).toBeNull();
  });

  test('that are equal after a reconnect are the same value, and tell no listener', () => {
    const { clock, network, presence, serverSends } = open();
    network.acceptsAll();
    const changed = vi.fn<() => void>();
    const list = { ...presenceList('ada'), data: { ada: { name: 'Ada' } } } as ServerLifelineFrame;
    presence().watch(changed);
    serverSends(list);
    const before = presence().data('ada');
    network.server.breaks();
    clock.advance(5_000);
    serverSends(list);
    expect(presence().data('ada')).toBe(before);
    expect(changed).toHaveBeenCalledOnce();
  });

  test('may be beside an id that is the name of an object property', () => {
    const { network, presence } = open();
    presence().watch(() => {});
    network.server.sends(
      '{"lifeline":"presence","id":"ada","online":["__proto__"],"data":{"__proto__":1}}',
    );
    expect(presence().data('__proto__')).toBe(1);
  });

  test.each(['7', 'null', '"x"', '[]'])('that are malformed are ignored: %s', (data) => {
    const { network, presence } = open();
    presence().watch(() => {});
    network.server.sends(`{"lifeline":"presence","id":"ada","online":["ada"],"data":${data}}`);
    expect([presence().list(), presence().data('ada')]).toEqual([['ada'], null]);
  });
});
