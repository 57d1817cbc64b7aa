import type { Cause } from '../../../src/core/machine/cause.ts';
import type { Frame, OutFrame } from '../../../src/core/link/frame.ts';
import { createConnection, type TopicConnection } from '../../../src/core/create-connection.ts';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import { SimulatedClock } from './clock.ts';
import { SimulatedNetwork } from './network.ts';
import { SimulatedSignals } from './signals.ts';

export const URL_A = 'ws://server.test/live';
export const URL_B = 'ws://other.test/live';

/** A connection on a simulated network, clock and environment, and a log of what it says. */
export interface World<In = Frame, Out = OutFrame> {
  readonly clock: SimulatedClock;
  readonly network: SimulatedNetwork;
  readonly signals: SimulatedSignals;
  readonly connection: TopicConnection<In, Out>;
  /** Events and publications in their order, as words: `open`, `close 1006`, `status reconnecting` … */
  readonly log: string[];
}

/** A world with an inert connection in it. Nothing answers, and jitter is always half of its range. */
export function simulate<In = Frame, Out = OutFrame>(
  options: ConnectionOptions<In, Out> = {},
): World<In, Out> {
  const clock = new SimulatedClock();
  const network = new SimulatedNetwork(clock);
  const signals = new SimulatedSignals();
  const connection = createConnection<In, Out>({
    url: URL_A,
    random: () => 0.5,
    clock,
    signals: signals.listen,
    WebSocket: network.WebSocket,
    ...options,
  });
  return { clock, network, signals, connection, log: logOf(connection) };
}

/** A world whose connection is open and held by nobody but itself. */
export function simulateOpen<In = Frame, Out = OutFrame>(
  options: ConnectionOptions<In, Out> = {},
): World<In, Out> {
  const world = simulate(options);
  world.connection.open();
  world.network.server.accepts();
  world.log.length = 0;
  return world;
}

/** A cause in a word or two. */
export function inWords(cause: Cause | null): string {
  switch (cause?.kind) {
    case 'close':
      return String(cause.code);
    case 'timeout':
      return `${cause.phase} timeout`;
    case 'error':
      return cause.name;
    default:
      return cause?.kind ?? 'none';
  }
}

function logOf<In, Out>(connection: TopicConnection<In, Out>): string[] {
  const log: string[] = [];
  const say = (...words: unknown[]) => log.push(words.join(' '));
  connection.on('open', ({ reconnected }) => say(reconnected ? 'open again' : 'open'));
  connection.on('message', (message) => say('message', message));
  connection.on('close', (cause, final) =>
    say('close', inWords(cause), ...(final ? ['finally'] : [])),
  );
  connection.on('error', (error) => say('error', error.name));
  connection.on('flush', (messages) => say('flush', messages));
  connection.on('drop', (messages, reason) => say('drop', messages, reason));
  let status = '';
  connection.subscribe(() => {
    const next = connection.getSnapshot().status;
    if (next !== status) say('status', next);
    status = next;
  });
  return log;
}

/** Lets promises that are settled be heard. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};
