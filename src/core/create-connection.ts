import type { Frame, OutFrame } from './link/frame.ts';
import type { Connection } from './connection.ts';
import { createBareConnection } from './connection.ts';
import type { ConnectionOptions } from './options/options.ts';
import type { Topics } from './extensions/topics.ts';
import { topics } from './extensions/topics.ts';

/** A connection with its topics at hand. In React, `useTopic` brings them. */
export interface TopicConnection<In = Frame, Out = OutFrame> extends Connection<In, Out> {
  /**
   * Adds a handler for the messages of a topic; see the `topics` option. Returns the function that removes it.
   *
   * @param topic - Any string.
   */
  onTopic(topic: string, handler: (message: In) => void): () => void;
}

/**
 * Makes a connection. It does nothing until it is retained or opened, but queues what is sent.
 *
 * @throws TypeError that names a wrong option and what was expected.
 */
export function createConnection<In = Frame, Out = OutFrame>(
  options: ConnectionOptions<In, Out> = {},
): TopicConnection<In, Out> {
  const connection = createBareConnection(options);
  const { on: onTopic } = connection.extend<Topics<In>>(topics);
  return Object.assign(connection, { onTopic });
}
