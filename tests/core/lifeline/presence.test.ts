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

/** An open connection, its presence, and a server that speaks lifeline frames. */
function open(options: ConnectionOptions = {}) {
  const world = simulateOpen({ heartbeat, ...options });
  return {
    ...world,
    presence: () => world.connection.extend(presenceExtension),
    say: (...words: ServerLifelineFrame[]) =>
      world.network.server.sends(...words.map((word) => JSON.stringify(word))),
  };
}

const everybody = (...online: string[]): ServerLifelineFrame => ({
  lifeline: 'presence',
  id: 'ada',
  online,
});

describe('the lifeline heartbeat', () => {
  test('probes with the name and the time of the client', () => {
    const { network, clock } = open();
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    clock.advance(1_000);
    expect(network.server.received).toEqual([
      '{"lifeline":"ping","id":"ada","timestamp":1700000000000}',
    ]);
  });

  test.each([undefined, {}, { id: '' }, { id: undefined }])('needs no name: %j', (options) => {
    vi.spyOn(Date, 'now').mockReturnValue(5);
    const { ping } = lifeline(options);
    expect(typeof ping === 'function' && ping()).toBe('{"lifeline":"ping","timestamp":5}');
  });

  test('refuses a name that no server takes', () => {
    expect(() => lifeline({ id: 'x'.repeat(256) })).not.toThrow();
    expect(() => lifeline({ id: 'x'.repeat(257) })).toThrow(
      new TypeError('lifeline() takes an id of up to 256 characters.'),
    );
  });

  test('takes the answer as the round trip, and delivers none of it', () => {
    const { connection, clock, log, say } = open();
    clock.advance(1_070);
    say({ lifeline: 'pong', timestamp: 5 });
    expect(connection.getSnapshot().latency).toBe(70);
    clock.advance(400);
    expect(connection.getSnapshot().status).toBe('open');
    expect(log.join()).not.toContain('message');
  });

  test('takes no other lifeline frame for the answer, but for a sign of life', () => {
    const { connection, clock, log, say } = open();
    clock.advance(1_010);
    say({ lifeline: 'online', ids: ['grace'] });
    expect(connection.getSnapshot().latency).toBeNull();
    clock.advance(60);
    say({ lifeline: 'pong', timestamp: 5 });
    expect(connection.getSnapshot().latency).toBe(70);
    clock.advance(330);
    expect(connection.getSnapshot().status).toBe('open');
    expect(log.join()).not.toContain('message');
  });

  test('leaves every other frame to the application', () => {
    const { network, log } = open();
    const others = ['ping', 'pong', '{"lifeline"', ' {"lifeline":"pong"}', '{"a":"lifeline"}'];
    network.server.sends(...others);
    expect(log).toEqual(others.map((frame) => `message ${frame}`));
  });
});

describe('presence', () => {
  test('asks nothing of the server until somebody watches', () => {
    const { network, presence } = open();
    expect(network.server.received).toEqual([]);
    presence().watch(() => {});
    presence().watch(() => {});
    expect(network.server.received).toEqual([WATCH]);
  });

  test('asks again on every new link, for as long as somebody watches', () => {
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

  test('asks once the link is open', () => {
    const { connection, network } = simulate({ heartbeat });
    connection.extend(presenceExtension).watch(() => {});
    connection.open();
    expect(network.server.received).toEqual([]);
    network.server.accepts();
    expect(network.server.received).toEqual([WATCH]);
  });

  test('follows who comes and goes', () => {
    const { presence, say } = open();
    const changed = vi.fn<() => void>();
    presence().watch(changed);
    expect(presence().list()).toEqual([]);
    say(everybody('ada', 'grace'));
    expect(presence().list()).toEqual(['ada', 'grace']);
    say({ lifeline: 'online', ids: ['alan', 'grace'] });
    expect(presence().list()).toEqual(['ada', 'grace', 'alan']);
    say({ lifeline: 'offline', ids: ['ada', 'nobody'] });
    expect(presence().list()).toEqual(['grace', 'alan']);
    expect(presence().isOnline('grace')).toBe(true);
    expect(presence().isOnline('ada')).toBe(false);
    expect(changed).toHaveBeenCalledTimes(3);
    expect(presence().list()).toBe(presence().list());
  });

  test('takes any name', () => {
    const { presence, say } = open();
    presence().watch(() => {});
    say(everybody('__proto__', 'constructor', ''));
    expect(presence().isOnline('__proto__')).toBe(true);
    expect(presence().isOnline('toString')).toBe(false);
    expect(presence().list()).toEqual(['__proto__', 'constructor', '']);
  });

  test('keeps what it knew until a new link tells what is true now', () => {
    const { clock, network, presence, say } = open();
    network.acceptsAll();
    presence().watch(() => {});
    say(everybody('ada', 'grace'));
    network.server.breaks();
    clock.advance(5_000);
    expect(presence().list()).toEqual(['ada', 'grace']);
    say(everybody('grace'));
    expect(presence().list()).toEqual(['grace']);
  });

  test('knows nothing of another scope', () => {
    const { connection, presence, say } = open();
    const changed = vi.fn<() => void>();
    presence().watch(changed);
    say(everybody('ada'));
    changed.mockClear();
    connection.update({ url: URL_B });
    expect(presence().list()).toEqual([]);
    expect(changed).toHaveBeenCalledOnce();
  });

  test('tells the server to stop once nobody has watched for as long as a link lingers', () => {
    const { clock, network, presence, say } = open({ url: URL_A, linger: 500 });
    const stop = presence().watch(() => {});
    say(everybody('ada'));
    stop();
    stop();
    clock.advance(499);
    presence().watch(() => {})();
    clock.advance(499);
    expect(network.server.received).toEqual([WATCH]);
    clock.advance(1);
    expect(network.server.received).toEqual([WATCH, UNWATCH]);
    expect(presence().list()).toEqual([]);
    presence().watch(() => {});
    expect(network.server.received).toEqual([WATCH, UNWATCH, WATCH]);
  });

  test('a watcher that throws is reported, and stops no other', () => {
    const { presence, say } = open();
    const error = new Error('mine');
    const changed = vi.fn<() => void>();
    presence().watch(() => {
      throw error;
    });
    presence().watch(changed);
    say(everybody('ada'));
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
  ])('a malformed frame is ignored: %s', (frame) => {
    const { network, presence, say, log } = open();
    presence().watch(() => {});
    say(everybody('ada'));
    network.server.sends(frame);
    expect(log).toEqual([]);
    expect(presence().list()).toEqual(['ada']);
  });

  test('what changes nothing is not told: the same people after a reconnect', () => {
    const { clock, network, presence, say } = open();
    const changed = vi.fn<() => void>();
    network.acceptsAll();
    presence().watch(changed);
    say(everybody('ada', 'grace'));
    const before = presence().list();
    network.server.breaks();
    clock.advance(5_000);
    say(everybody('grace', 'ada'), { lifeline: 'online', ids: ['ada'] });
    expect(presence().list()).toBe(before);
    expect(changed).toHaveBeenCalledOnce();
  });

  test('a change that was under way when it stopped to watch is ignored', () => {
    const { clock, presence, say } = open({ linger: 0 });
    const stop = presence().watch(() => {});
    say(everybody('ada'));
    stop();
    clock.advance(1);
    say({ lifeline: 'online', ids: ['grace'] });
    expect(presence().list()).toEqual([]);
  });

  test('a word that it does not know is no error: a later server may have more', () => {
    const { network, presence, log } = open();
    presence().watch(() => {});
    network.server.sends('{"lifeline":"weather","is":"fine"}');
    expect(log).toEqual([]);
    expect(presence().list()).toEqual([]);
  });

  test('another heartbeat than the lifeline is an error that says so', () => {
    const { presence } = open({ heartbeat: true });
    expect(() => presence().watch(() => {})).toThrow(
      'usePresence() needs heartbeat={lifeline()} on its connection.',
    );
  });
});
