import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type AppStateLike,
  appSignals,
  type NetInfoLike,
  type NetInfoStateLike,
} from '../../../src/core/platform/app-signals.ts';
import type { Signal } from '../../../src/core/platform/signals.ts';
import { simulate, simulateOpen } from '../../support/simulation/world.ts';

/** What a module of React Native tells its listeners. */
class Source<Event> {
  readonly listeners = new Set<(event: Event) => void>();
  add(listener: (event: Event) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  tells(...events: Event[]): void {
    for (const event of events) for (const listener of this.listeners) listener(event);
  }
}

let app: Source<string>;
let network: Source<NetInfoStateLike>;
let AppState: AppStateLike;
let NetInfo: NetInfoLike;
let heard: Signal[];
let stop = () => {};
beforeEach(() => {
  app = new Source();
  network = new Source();
  AppState = { addEventListener: (_, listener) => ({ remove: app.add(listener) }) };
  NetInfo = { addEventListener: (listener) => network.add(listener) };
  heard = [];
});
afterEach(() => stop());

const listen = () => {
  stop = appSignals(AppState, NetInfo)((signal) => heard.push(signal));
};

const state = (
  type: string,
  isConnected: boolean | null,
  isInternetReachable?: boolean | null,
): NetInfoStateLike => ({ type, isConnected, isInternetReachable });
const WIFI = state('wifi', true, true);
const CELLULAR = state('cellular', true, true);
const NONE = state('none', false, false);

describe('AppState', () => {
  test.each([
    ['of Android', ['background', 'active']],
    ['of iOS', ['inactive', 'background', 'active']],
    ['of iOS under a call or the Control Center', ['inactive', 'active']],
  ])('%s gives visible when the app comes to the front, and nothing before', (_, states) => {
    listen();
    app.tells(...states.slice(0, -1));
    expect(heard).toEqual([]);
    app.tells('active');
    expect(heard).toEqual(['visible']);
  });

  test('is enough: NetInfo is not needed', () => {
    stop = appSignals(AppState)((signal) => heard.push(signal));
    app.tells('active');
    expect(heard).toEqual(['visible']);
  });
});

describe('NetInfo', () => {
  test.each<[string, NetInfoStateLike[], Signal[]]>([
    ['that says how things are', [WIFI], []],
    ['without a network at first', [NONE], []],
    ['that says the same again', [WIFI, { ...WIFI }, WIFI], []],
    ['whose network goes and comes', [WIFI, NONE, WIFI], ['offline', 'online']],
    ['that goes from one network to another', [WIFI, CELLULAR], ['online']],
    ['that knows nothing yet', [state('unknown', null), WIFI], []],
    ['that knows nothing for a while', [WIFI, state('unknown', null, null), WIFI], []],
    ['that lost the network unseen', [WIFI, state('unknown', null), NONE], ['offline']],
    ['that does not know what it reaches', [state('wifi', true), state('wifi', true, null)], []],
    ['that then reaches the internet', [state('wifi', true, null), WIFI], []],
    ['behind a login page', [state('wifi', true, false), WIFI], ['online']],
    ['that reaches the internet no more', [WIFI, state('wifi', true, false)], ['offline']],
    [
      'that never reaches what it asks, and changes the network',
      [state('wifi', true, false), state('cellular', true, false)],
      ['online'],
    ],
    ['that says unreachable, and then that the network is gone', [WIFI, NONE, NONE], ['offline']],
  ])('%s', (_, states, expected) => {
    listen();
    network.tells(...states);
    expect(heard).toEqual(expected);
  });
});

test('no signal comes after the end, and no listener is left', () => {
  listen();
  network.tells(WIFI);
  expect([app.listeners.size, network.listeners.size]).toEqual([1, 1]);
  stop();
  app.tells('active');
  network.tells(NONE);
  expect(heard).toEqual([]);
  expect([app.listeners.size, network.listeners.size]).toEqual([0, 0]);
});

test.each<[string, unknown[]]>([
  ['nothing', []],
  ['a module that is missing', [undefined, { addEventListener() {} }]],
  ['what is no NetInfo', [{ addEventListener() {} }, { fetch() {} }]],
])('appSignals() given %s throws an error that says what it takes', (_, given) => {
  expect(() => appSignals(...(given as [AppStateLike]))).toThrow(
    /^appSignals\(\) takes AppState of 'react-native' and, .* '@react-native-community\/netinfo'\.$/,
  );
});

describe('a connection', () => {
  const signals = () => appSignals(AppState, NetInfo);

  test('probes at once when the app comes to the front, and reconnects after 3 s if the system has ended the socket (fault 140)', () => {
    const {
      connection,
      network: net,
      clock,
    } = simulateOpen({ signals: signals(), heartbeat: true });
    clock.advance(100);
    net.server.sends('pong');
    app.tells('inactive', 'background');
    net.goesSilent();
    clock.advance(5_000);
    expect(net.socket.sent).toEqual(['ping']);
    app.tells('active');
    expect(net.socket.sent).toEqual(['ping', 'ping']);
    clock.advance(3_000);
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', readyState: 0 });
    expect(net.sockets).toHaveLength(2);
  });

  test('tries again within a second when the network is there again (fault 140)', () => {
    const reconnect = { minDelay: 60_000 };
    const { connection, network: net, clock } = simulate({ signals: signals(), reconnect });
    connection.open();
    network.tells(NONE);
    net.server.refuses();
    clock.advance(30_000);
    expect(net.sockets).toHaveLength(1);
    network.tells(WIFI);
    clock.advance(1_000);
    expect(net.sockets).toHaveLength(2);
  });

  test('listens only while it is live', () => {
    const { connection } = simulateOpen({ signals: signals() });
    expect([app.listeners.size, network.listeners.size]).toEqual([1, 1]);
    connection.close();
    connection.open();
    connection.close();
    expect([app.listeners.size, network.listeners.size]).toEqual([0, 0]);
  });
});
