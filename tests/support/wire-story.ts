import { onTestFinished } from 'vitest';
import {
  type Cause,
  type Connection,
  type ConnectionOptions,
  createConnection,
  type Frame,
  type OutFrame,
  type Status,
} from '../../src/core.ts';

/** Fast enough for a test, and without jitter. */
export const SOON = { minDelay: 5, baseDelay: 0, maxDelay: 0 };

/** How `vi.waitFor()` looks for what comes in no time, on a machine that is not loaded. */
export const eventually = { interval: 5, timeout: 4_000 };

/** A connection over a real socket, and what has happened to it. */
interface Story<In, Out> extends Connection<In, Out> {
  readonly statuses: Status[];
  readonly messages: In[];
  readonly causes: Cause[];
}

/**
 * Opens a connection that writes down what happens to it, and ends with the test. With a simulated clock, its time
 * passes only when the test says so, while the network takes its own.
 */
export type Connect = <In = Frame, Out = OutFrame>(
  options: ConnectionOptions<In, Out>,
) => Story<In, Out>;

/** @param WebSocket - The class of the sockets; undefined for the platform's. */
export const storyteller =
  (WebSocket: ConnectionOptions['WebSocket']): Connect =>
  <In = Frame, Out = OutFrame>(options: ConnectionOptions<In, Out>) => {
    const messages: In[] = [];
    const causes: Cause[] = [];
    const statuses: Status[] = [];
    const connection = createConnection<In, Out>({ WebSocket, reconnect: SOON, ...options });
    connection.on('message', (message) => messages.push(message));
    connection.on('close', (cause) => causes.push(cause));
    connection.subscribe(() => {
      const { status } = connection.getSnapshot();
      if (status !== statuses.at(-1)) statuses.push(status);
    });
    connection.open();
    onTestFinished(() => connection.close());
    return Object.assign(Object.create(connection) as Connection<In, Out>, {
      statuses,
      messages,
      causes,
    });
  };
