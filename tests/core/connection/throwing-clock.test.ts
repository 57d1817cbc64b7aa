import { expect, test, vi } from 'vitest';
import { createConnection } from '../../../src/core/create-connection.ts';
import { publisher } from '../../../src/core/extensions/publisher.ts';
import type { ReconnectOptions } from '../../../src/core/options/options.ts';
import { takeReports } from '../../support/reports.ts';
import { SimulatedClock } from '../../../src/testing/simulation/clock.ts';
import { SimulatedNetwork } from '../../../src/testing/simulation/network.ts';
import { simulateOpen, URL_A } from '../../support/simulation/world.ts';

/** A connection whose clock throws once when the test says so. */
function withThrowingClock(reconnect: ReconnectOptions = {}) {
  const simulated = new SimulatedClock();
  const network = new SimulatedNetwork(simulated);
  let throwing: string | null = null;
  const throwsOnce = (name: string) => {
    if (throwing !== name) return;
    throwing = null;
    throw new Error(`${name} throws`);
  };
  const connection = createConnection({
    url: URL_A,
    random: () => 0.5,
    reconnect,
    WebSocket: network.WebSocket,
    clock: {
      now: () => (throwsOnce('now'), simulated.now()),
      wall: () => (throwsOnce('wall'), simulated.wall()),
      setTimeout: (callback, ms) => (throwsOnce('setTimeout'), simulated.setTimeout(callback, ms)),
      clearTimeout: (timer) => (throwsOnce('clearTimeout'), simulated.clearTimeout(timer)),
    },
  });
  return {
    connection,
    network,
    simulated,
    throwNext: (name: string) => {
      throwing = name;
    },
  };
}

test.each(['now', 'wall', 'setTimeout', 'clearTimeout'])(
  'a clock whose %s throws is reported, and the call works (fault 67)',
  (name) => {
    const { connection, network, throwNext } = withThrowingClock();
    throwNext(name);
    connection.open();
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
    expect(takeReports()).toEqual([new Error(`${name} throws`)]);
  },
);

test.each(['now', 'wall', 'clearTimeout'])(
  'a clock whose %s throws when a timer fires does not stop the connection (fault 67)',
  (name) => {
    const { connection, network, simulated, throwNext } = withThrowingClock();
    connection.open();
    network.server.refuses();
    throwNext(name);
    simulated.advance(60_000);
    expect(network.sockets.length).toBeGreaterThan(1);
    expect(takeReports()).toEqual([new Error(`${name} throws`)]);
  },
);

test('a clock that cannot plan a frame is replaced by the system, and components hear of later messages (fault 67)', async () => {
  const frame = vi.fn<() => void>(() => {
    throw new Error('frame throws');
  });
  const { connection, network } = simulateOpen({ clock: { frame } });
  const heard = vi.fn<() => void>();
  connection.extend(publisher).onMessages(heard);
  for (const count of [1, 2]) {
    network.server.sends('message');
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(count));
  }
  expect(new Set(takeReports().map(String))).toEqual(new Set(['Error: frame throws']));
});

test('a socket whose close() throws is reported, and the next attempt starts (fault 67)', () => {
  const { connection, network } = simulateOpen();
  const error = new Error('close throws');
  network.socket.close = () => {
    throw error;
  };
  connection.reconnect();
  expect(network.sockets).toHaveLength(2);
  expect(takeReports()).toEqual([error]);
});

test('a clock that cannot set a timer is replaced by the system for this timer (fault 67)', async () => {
  const { connection, network, simulated, throwNext } = withThrowingClock({
    minDelay: 1,
    baseDelay: 0,
  });
  connection.open();
  throwNext('setTimeout');
  network.server.refuses();
  expect(takeReports()).toEqual([new Error('setTimeout throws')]);
  // The timer of the system fires, and the next one is of the clock again.
  await vi.waitUntil(() => simulated.pendingTimers > 0);
  simulated.advance(1);
  expect(network.sockets).toHaveLength(2);
});
