'use client';

import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { Topics } from '../core/extensions/topics.ts';
import { topics } from '../core/extensions/topics.ts';
import { publisher } from '../core/extensions/publisher.ts';
import type { ConnectionContext } from './provider.tsx';
import type { Source } from './use-connection.ts';
import { isOutdated } from './use-connection.ts';
import type { ListenOptions } from './use-message.ts';
import { rawContext, useLatest, useListened } from './use-message.ts';

type Topic = string | null | undefined;

/**
 * The last message of a topic, or null. The component renders for this topic alone, at most once a frame.
 *
 * The first component that listens to a topic subscribes to it, the last one unsubscribes; see the `topics` option.
 *
 * @param topic - Null listens to nothing.
 */
export function useTopic<In = Frame, Out = OutFrame>(
  topic: Topic,
  options?: ListenOptions<In, Out>,
): In | null;
/**
 * Calls the handler for every message of a topic, in order, without a render.
 *
 * @param topic - Null listens to nothing.
 * @param handler - The latest render's is called; it need not be stable.
 */
export function useTopic<In = Frame, Out = OutFrame>(
  topic: Topic,
  handler: (message: NoInfer<In>) => void,
  options?: ListenOptions<In, Out>,
): void;
export function useTopic<In, Out>(topic: Topic, ...rest: TopicArguments<In, Out>): unknown {
  return useTopicOf(rawContext<In, Out>(), topic, rest);
}

/** What `useTopic` takes after the topic. */
export type TopicArguments<In, Out> =
  | [options?: ListenOptions<In, Out> | undefined]
  | [handler: (message: In) => void, options?: ListenOptions<In, Out> | undefined];

/** {@link useTopic} over a context. */
export function useTopicOf<In, Out>(
  context: ConnectionContext<In, Out>,
  topic: Topic,
  [first, second]: TopicArguments<In, Out>,
): In | null {
  const handler = typeof first === 'function' ? first : null;
  const options = typeof first === 'function' ? second : first;
  const source = useListened(context, 'useTopic', options);
  const latest = useLatest(handler);

  const handled = handler === null ? null : topic;
  const shown = handler === null ? topic : null;
  useEffect(
    () => listen(source, handled, (message) => latest.current?.(message)),
    [source, handled, latest],
  );
  const [subscribe, read] = useMemo(() => createStore(source, shown), [source, shown]);
  return useSyncExternalStore(subscribe, read, readOnServer);
}

const readOnServer = () => null;

const topicsOf = <In, Out>(connection: Connection<In, Out>): Topics<In> =>
  connection.extend<Topics<In>>(topics);

const listen = <In, Out>(
  { connection }: Source<In, Out>,
  topic: Topic,
  handler: (message: In) => void,
): (() => void) =>
  topic === null || topic === undefined
    ? () => {}
    : topicsOf<In, Out>(connection).on(topic, handler);

function createStore<In, Out>(source: Source<In, Out>, topic: Topic) {
  const { connection } = source;
  const { publish, onScope } = connection.extend(publisher);
  const subscribe = (notify: () => void) => {
    const stop = listen(source, topic, () => publish(notify));
    // Another scope empties the topic without a message.
    const stopScopes = onScope(notify);
    return () => {
      stop();
      stopScopes();
    };
  };
  const read = () =>
    topic === null || topic === undefined || isOutdated(source)
      ? null
      : topicsOf<In, Out>(connection).last(topic);
  return [subscribe, read] as const;
}
