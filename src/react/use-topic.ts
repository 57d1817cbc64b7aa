'use client';

import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import { checkText } from './checks.ts';
import type { Connection } from '../core/connection.ts';
import type { Topics } from '../core/extensions/topics.ts';
import { topics } from '../core/extensions/topics.ts';
import { publisher } from '../core/extensions/publisher.ts';
import { checkMaxRate, limitRate } from './limit-rate.ts';
import { viewOf } from './own-connection.ts';
import type { ListenOptions, Vouched } from './use-message.ts';
import { useLatest, useListened } from './use-message.ts';

type Topic = string | null | undefined;

/** The options of {@link useTopic}, if it returns the last message. */
export interface TopicHookOptions<In = Frame, Out = OutFrame> extends ListenOptions<In, Out> {
  /**
   * How often the component is updated at most, in updates a second. The last message is always shown. With a handler it has no
   * effect. @defaultValue once in each animation frame
   */
  readonly maxRate?: number | undefined;
}

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
  options: Vouched<TopicHookOptions<In, Out>, In, Out>,
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
    | [options?: TopicHookOptions<In, Out> | undefined]
    | [handler: (message: In) => void, options?: ListenOptions<In, Out> | undefined]
): unknown {
  checkText(topic, 'useTopic() takes a topic');
  const handler = typeof first === 'function' ? first : null;
  const options: TopicHookOptions<In, Out> | undefined =
    typeof first === 'function' ? second : first;
  const connection = useListened('useTopic', options, TOPIC_OPTIONS);
  const maxRate = options?.maxRate;
  checkMaxRate(maxRate, 'useTopic');
  const latest = useLatest(handler);

  const handledTopic = handler === null ? null : topic;
  const shownTopic = handler === null ? topic : null;
  useEffect(
    () => listen(connection, handledTopic, (message) => latest.current?.(message)),
    [connection, handledTopic, latest],
  );
  const [subscribe, read] = useMemo(
    () => createStore(connection, shownTopic, maxRate),
    [connection, shownTopic, maxRate],
  );
  return useSyncExternalStore(subscribe, read, readOnServer);
}

const TOPIC_OPTIONS = { maxRate: '' };
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

function createStore<In, Out>(
  connection: Connection<In, Out>,
  topic: Topic,
  maxRate: number | undefined,
) {
  const { publish, onScope } = connection.extend(publisher);
  const subscribe = (notify: () => void) => {
    const limit = limitRate(connection.clock, () => maxRate, notify);
    const publishNow = () => publish(notify);
    const stop = listen(connection, topic, () => limit.call(publishNow));
    // A new scope clears the last message of the topic, which must be shown too.
    const stopScopes = onScope(notify);
    return () => {
      stop();
      stopScopes();
      limit.stop();
    };
  };
  const read = () =>
    topic === null || topic === undefined || viewOf(connection)?.isOutdated()
      ? null
      : topicsOf<In, Out>(connection).last(topic);
  return [subscribe, read] as const;
}
