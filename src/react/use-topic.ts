'use client';

import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import { checkText } from './checks.ts';
import type { Connection } from '../core/connection.ts';
import type { Topics } from '../core/extensions/topics.ts';
import { topics } from '../core/extensions/topics.ts';
import { publisher } from '../core/extensions/publisher.ts';
import { viewOf } from './own-connection.ts';
import type { ListenOptions, Vouched } from './use-message.ts';
import { useLatest, useListened } from './use-message.ts';

type Topic = string | null | undefined;

/**
 * Returns the last message of a topic, or null if there is none yet. The component renders only for messages of this
 * topic, at most once in each animation frame.
 *
 * The first component that uses a topic subscribes to it at the server, and the last one unsubscribes; the `topics`
 * option says how.
 *
 * @param topic - The name of the topic. With null the hook listens to no topic.
 * @throws TypeError if the topic is neither a string nor null; Error if there is no `<WebSocketProvider>` above and no `connection` option.
 * @example
 * ```tsx
 * function Price({ symbol }: { symbol: string }) {
 *   const quote = useTopic(symbol);
 *   return <b>{String(quote)}</b>;
 * }
 * ```
 */
export function useTopic<In = Frame, Out = OutFrame>(
  topic: Topic,
  options: Vouched<ListenOptions<In, Out>, In, Out>,
): In | null;
/** Returns the last message of a topic of the nearest provider, or null if there is none yet. */
export function useTopic(topic: Topic): Frame | null;
/**
 * Calls the handler for every message of a topic, in order. Messages cause no render.
 *
 * @param topic - The name of the topic. With null the hook listens to no topic.
 * @param handler - The handler of the latest render is called, so it may be a new function in each render.
 * @throws TypeError if the topic is neither a string nor null; Error if there is no `<WebSocketProvider>` above and no `connection` option.
 * @example
 * ```tsx
 * function PriceLog({ symbol }: { symbol: string }) {
 *   useTopic(symbol, (quote) => console.log(quote));
 *   return null;
 * }
 * ```
 */
export function useTopic<In = Frame, Out = OutFrame>(
  topic: Topic,
  handler: (message: NoInfer<In>) => void,
  options: Vouched<ListenOptions<In, Out>, In, Out>,
): void;
/** Calls the handler for every message of a topic of the nearest provider, in order. */
export function useTopic(topic: Topic, handler: (message: Frame) => void): void;
export function useTopic<In, Out>(
  topic: Topic,
  ...[first, second]:
    | [options?: ListenOptions<In, Out> | undefined]
    | [handler: (message: In) => void, options?: ListenOptions<In, Out> | undefined]
): unknown {
  checkText(topic, 'useTopic() takes a topic');
  const handler = typeof first === 'function' ? first : null;
  const options = typeof first === 'function' ? second : first;
  const connection = useListened('useTopic', options);
  const latest = useLatest(handler);

  const handledTopic = handler === null ? null : topic;
  const shownTopic = handler === null ? topic : null;
  useEffect(
    () => listen(connection, handledTopic, (message) => latest.current?.(message)),
    [connection, handledTopic, latest],
  );
  const [subscribe, read] = useMemo(
    () => createStore(connection, shownTopic),
    [connection, shownTopic],
  );
  return useSyncExternalStore(subscribe, read, readOnServer);
}

const readOnServer = () => null;

const topicsOf = <In, Out>(connection: Connection<In, Out>): Topics<In> =>
  connection.extend<Topics<In>>(topics);

const listen = <In, Out>(
  connection: Connection<In, Out>,
  topic: Topic,
  handler: (message: In) => void,
): (() => void) =>
  topic === null || topic === undefined
    ? () => {}
    : topicsOf<In, Out>(connection).on(topic, handler);

function createStore<In, Out>(connection: Connection<In, Out>, topic: Topic) {
  const { publish, onScope } = connection.extend(publisher);
  const subscribe = (notify: () => void) => {
    const stop = listen(connection, topic, () => publish(notify));
    // A new scope clears the last message of the topic, which must be shown too.
    const stopScopes = onScope(notify);
    return () => {
      stop();
      stopScopes();
    };
  };
  const read = () =>
    topic === null || topic === undefined || viewOf(connection)?.isOutdated()
      ? null
      : topicsOf<In, Out>(connection).last(topic);
  return [subscribe, read] as const;
}
