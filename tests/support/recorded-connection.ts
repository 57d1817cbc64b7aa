import { onTestFinished } from 'vitest';
import {
  type Cause,
  type Codec,
  type ConnectionOptions,
  createConnection,
  type Frame,
  type OutFrame,
  type Status,
  type TopicConnection,
} from '../../src/core.ts';

/** Short retry delays without a random part. */
export const SOON = { minDelay: 5, baseDelay: 0, maxDelay: 0 };

/** For `vi.waitFor()`: polls often, and has patience with a busy machine. */
export const eventually = { interval: 5, timeout: 10_000 };

/** A connection over a real socket, and a record of its statuses, messages and causes. */
interface RecordedConnection<In, Out> extends TopicConnection<In, Out> {
  readonly statuses: Status[];
  readonly messages: In[];
  readonly causes: Cause[];
}

/**
 * Opens a connection that records what happens to it, and closes it at the end of the test. With a simulated clock, its
 * time passes only when the test says so, while the network works in real time.
 */
export type Connect = <In = Frame, Out = OutFrame>(
  options: ConnectionOptions<In, Out>,
) => RecordedConnection<In, Out>;

/** @param WebSocket - The WebSocket class; undefined for that of the platform. */
export const connectWith =
  (WebSocket: ConnectionOptions['WebSocket']): Connect =>
  <In = Frame, Out = OutFrame>(options: ConnectionOptions<In, Out>) => {
    const messages: In[] = [];
    const causes: Cause[] = [];
    const statuses: Status[] = [];
    const all: ConnectionOptions<In, Out> = { WebSocket, reconnect: SOON, ...options };
    // Only a codec gives messages other types than frames, and then it is among the options.
    const connection = createConnection(all as typeof all & { codec: Codec<In, Out> });
    connection.on('message', (message) => messages.push(message));
    connection.on('close', (cause) => causes.push(cause));
    connection.subscribe(() => {
      const { status } = connection.getSnapshot();
      if (status !== statuses.at(-1)) statuses.push(status);
    });
    connection.open();
    onTestFinished(() => connection.close());
    return Object.assign(Object.create(connection) as TopicConnection<In, Out>, {
      statuses,
      messages,
      causes,
    });
  };
