import type { Codec } from '../../../src/core/messages/codec.ts';
import type { Cause } from '../../../src/core/machine/cause.ts';
import type { Frame, OutFrame } from '../../../src/core/link/frame.ts';
import { createConnection, type TopicConnection } from '../../../src/core/create-connection.ts';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import { SimulatedClock } from '../../../src/testing/simulation/clock.ts';
import { SimulatedNetwork } from '../../../src/testing/simulation/network.ts';
import { SimulatedSignals } from '../../../src/testing/simulation/signals.ts';

export const URL_A = 'ws://server.test/live';
export const URL_B = 'ws://other.test/live';

/** A connection on a simulated network and clock, with simulated signals, and a log of its events. */
export interface World<In = Frame, Out = OutFrame> {
  readonly clock: SimulatedClock;
  readonly network: SimulatedNetwork;
  readonly signals: SimulatedSignals;
  readonly connection: TopicConnection<In, Out>;
  /** Events and changes of status in order, as texts: `open`, `close 1006 final`, `status reconnecting` … */
  readonly log: string[];
}

/** Makes a connection that is not open. No socket is answered, and `random()` is always 0.5. */
export function simulate<In = Frame, Out = OutFrame>(
  options: ConnectionOptions<In, Out> = {},
): World<In, Out> {
  const clock = new SimulatedClock();
  const network = new SimulatedNetwork(clock);
  const signals = new SimulatedSignals();
  const all: ConnectionOptions<In, Out> = {
    url: URL_A,
    random: () => 0.5,
    clock,
    signals: signals.listen,
    WebSocket: network.WebSocket,
    ...options,
  };
  // Only a codec gives messages other types than frames, and then it is among the options.
  const connection = createConnection(all as typeof all & { codec: Codec<In, Out> });
  return { clock, network, signals, connection, log: logOf(connection) };
}

/** Makes a connection that `open()` has opened, without a holder. */
export function simulateOpen<In = Frame, Out = OutFrame>(
  options: ConnectionOptions<In, Out> = {},
): World<In, Out> {
  const world = simulate(options);
  world.connection.open();
  world.network.server.accepts();
  world.log.length = 0;
  return world;
}

/** A cause as a short text. */
export function describeCause(cause: Cause | null): string {
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
  const write = (...words: unknown[]) => log.push(words.join(' '));
  connection.on('open', ({ reconnected }) => write(reconnected ? 'open again' : 'open'));
  connection.on('message', (message) => write('message', message));
  connection.on('close', (cause, final) =>
    write('close', describeCause(cause), ...(final ? ['final'] : [])),
  );
  connection.on('error', (error) => write('error', error.name));
  connection.on('flush', (messages) => write('flush', messages));
  connection.on('drop', (messages, reason) => write('drop', messages, reason));
  let status = '';
  connection.subscribe(() => {
    const next = connection.getSnapshot().status;
    if (next !== status) write('status', next);
    status = next;
  });
  return log;
}

/** Waits until the handlers of settled promises have run. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};
