import { expect, test, vi } from 'vitest';
import { createConnection } from '../../../src/core/create-connection.ts';
import { SimulatedClock } from '../../support/simulation/clock.ts';
import { SimulatedNetwork } from '../../support/simulation/network.ts';
import { URL_A } from '../../support/simulation/world.ts';

/** A connection whose clock throws once when the test says so. */
function withThrowingClock() {
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
    WebSocket: network.WebSocket,
    clock: {
      now: () => (throwsOnce('now'), simulated.now()),
      wall: () => (throwsOnce('wall'), simulated.wall()),
      setTimeout: (callback, ms) => (throwsOnce('setTimeout'), simulated.setTimeout(callback, ms)),
      clearTimeout: (timer) => simulated.clearTimeout(timer),
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

test.each(['now', 'wall', 'setTimeout'])(
  'a clock whose %s throws once makes one call throw, and the connection works afterwards',
  (name) => {
    const { connection, network, throwNext, simulated } = withThrowingClock();
    throwNext(name);
    expect(() => connection.open()).toThrow(`${name} throws`);
    connection.reconnect();
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
    network.server.breaks();
    simulated.advance(10_000);
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
  },
);

test('a clock that throws during reconnect() in a handler does not stop later calls', () => {
  const { connection, network, throwNext } = withThrowingClock();
  const failed = vi.fn<(error: unknown) => void>();
  connection.on('open', () => {
    throwNext('now');
    try {
      connection.reconnect();
    } catch (error) {
      failed(error);
    }
  });
  connection.open();
  network.server.accepts();
  expect(failed).toHaveBeenCalledOnce();
  expect(connection.getSnapshot().status).toBe('open');
  connection.close();
  expect(connection.getSnapshot().status).toBe('closing');
});
