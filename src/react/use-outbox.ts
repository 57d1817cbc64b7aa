'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Connection } from '../core/connection.ts';
import { outboxChanges } from '../core/extensions/outbox-changes.ts';
import { publisher } from '../core/extensions/publisher.ts';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { OutboxItem } from '../core/messages/outbox.ts';
import { viewOf } from './own-connection.ts';
import type { ListenOptions, Vouched } from './use-message.ts';
import { useListened } from './use-message.ts';

/**
 * Returns the messages that wait for a link, in order. The array changes at most once in each animation frame.
 *
 * @throws Error if there is no `<WebSocketProvider>` above and no `connection` option.
 * @example
 * ```tsx
 * function Waiting() {
 *   const waiting = useOutbox();
 *   return waiting.length > 0 && <p>{waiting.length} messages wait for the connection.</p>;
 * }
 * ```
 */
export function useOutbox<In = Frame, Out = OutFrame>(
  options: Vouched<ListenOptions<In, Out>, In, Out>,
): readonly OutboxItem<Out>[];
/** Returns the messages that wait for a link of the nearest provider, in order. */
export function useOutbox(): readonly OutboxItem<OutFrame>[];
export function useOutbox<In, Out>(options?: ListenOptions<In, Out>): readonly OutboxItem<Out>[] {
  const connection = useListened<In, Out>('useOutbox', options);
  const [subscribe, read] = useMemo(() => createStore(connection), [connection]);
  return useSyncExternalStore(subscribe, read, readOnServer);
}

const NOTHING: readonly never[] = [];
const readOnServer = () => NOTHING;

/** Makes the functions for `useSyncExternalStore`. */
function createStore<In, Out>(connection: Connection<In, Out>) {
  const { publish, flush, onScope } = connection.extend(publisher);
  let published = connection.outbox;

  const subscribe = (notify: () => void) => {
    const update = () => {
      published = connection.outbox;
      notify();
    };
    const stop = connection.extend(outboxChanges)(() => {
      publish(update);
      flush();
    });
    // At once: the next user must not see it for a frame.
    const stopScopes = onScope(update);
    // What has changed since the render.
    published = connection.outbox;
    return () => {
      stop();
      stopScopes();
    };
  };
  const read = () => (viewOf(connection)?.isOutdated() ? NOTHING : published);
  return [subscribe, read] as const;
}
