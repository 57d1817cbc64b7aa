import type { Frame, OutFrame } from './link/frame.ts';
import type { Connection } from './connection.ts';
import { createBareConnection } from './connection.ts';
import type { ConnectionOptions, VouchedBy } from './options/options.ts';
import type { Topics } from './extensions/topics.ts';
import { topics } from './extensions/topics.ts';

/** A {@link Connection} that can also listen to topics. */
export interface TopicConnection<In = Frame, Out = OutFrame> extends Connection<In, Out> {
  /**
   * Adds a handler for the messages of a topic. Returns the function that removes the handler. The `topics` option says
   * which messages belong to a topic.
   *
   * @param topic - The name of the topic; any string.
   * @param handler - Receives every message of the topic, in order.
   */
  onTopic(topic: string, handler: (message: In) => void): () => void;
}

/** Makes a connection whose messages are frames. See the next overload. */
export function createConnection(): TopicConnection;
/**
 * Makes a connection that works without React. It opens no link until `retain()` or `open()` is called; messages sent
 * before that wait in the outbox.
 *
 * @param options - With a `codec`, messages have its types. Without one, they are frames.
 * @throws TypeError if an option is not valid; the message names the option and the expected values.
 * @example
 * ```ts
 * const connection = createConnection({
 *   url: 'wss://example.com/live',
 *   codec: json<unknown, { type: string }>(),
 *   onMessage: (message) => console.log(message),
 * });
 * connection.open();
 * connection.send({ type: 'hello' });
 * ```
 */
export function createConnection<In = Frame, Out = OutFrame>(
  options: VouchedBy<'codec', ConnectionOptions<In, Out>, In, Out>,
): TopicConnection<In, Out>;
export function createConnection<In, Out>(
  options?: ConnectionOptions<In, Out>,
): TopicConnection<In, Out> {
  const connection = createBareConnection(options);
  const { on: onTopic } = connection.extend<Topics<In>>(topics);
  return Object.assign(connection, { onTopic });
}
