'use client';

import { useInsertionEffect, useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import { tryCall } from '../core/platform/emitter.ts';
import { publisher } from '../core/extensions/publisher.ts';
import type { ConnectionContext } from './provider.tsx';
import type { Source } from './use-connection.ts';
import type { ListenOptions } from './use-message.ts';
import { rawContext, useListened } from './use-message.ts';

/** Which messages a list keeps. */
export interface MessagesOptions<
  In = Frame,
  Out = OutFrame,
  Kept extends In = In,
> extends ListenOptions<In, Out> {
  /** How many of the newest messages are kept, 1 or more. @defaultValue 100 */
  readonly limit?: number | undefined;
  /** Which messages are kept; asked as they arrive. May be a type predicate. @defaultValue all */
  readonly filter?: ((message: In) => message is Kept) | ((message: In) => boolean) | undefined;
}

/**
 * The newest messages since the component was mounted, oldest first: a new array at most once a frame.
 *
 * @throws TypeError for a limit that is no whole number of 1 or more.
 */
export function useMessages<In = Frame, Out = OutFrame, Kept extends In = In>(
  options?: MessagesOptions<In, Out, Kept>,
): readonly Kept[] {
  return useMessagesOf(rawContext<In, Out>(), options);
}

/** {@link useMessages} over a context. */
export function useMessagesOf<In, Out, Kept extends In>(
  context: ConnectionContext<In, Out>,
  { limit = 100, filter, connection }: MessagesOptions<In, Out, Kept> = {},
): readonly Kept[] {
  if (!(Number.isInteger(limit) && limit > 0))
    throw new TypeError(
      `useMessages() needs a limit that is a whole number of 1 or more, not ${limit}.`,
    );
  const source = useListened(context, 'useMessages', { connection });
  const list = useMemo(() => createList(source), [source]);
  useInsertionEffect(() => list.configure(limit, filter));
  const newest = useSyncExternalStore(list.subscribe, list.read, readOnServer) as readonly Kept[];
  // A smaller limit holds from the very render that asks for it.
  return useMemo(() => (newest.length > limit ? newest.slice(-limit) : newest), [newest, limit]);
}

const NONE: readonly never[] = [];
const readOnServer = () => NONE;

/** A list of the newest messages of a connection, which another scope empties. */
function createList<In, Out>({ connection }: Source<In, Out>) {
  let limit = 1;
  let filter: ((message: In) => boolean) | undefined;
  let arrived: In[] = [];
  let published: readonly In[] = NONE;
  const { publish, onScope } = connection.extend(publisher);

  return {
    configure(newLimit: number, newFilter: typeof filter) {
      limit = newLimit;
      filter = newFilter;
    },
    subscribe(notify: () => void) {
      const flush = () => {
        published = arrived.slice(-limit);
        notify();
      };
      const stop = connection.on('message', (message) => {
        if (filter && !tryCall(filter, message)) return;
        arrived.push(message);
        // Twice the limit, so that cutting costs each message next to nothing.
        if (arrived.length > limit * 2) arrived = arrived.slice(-limit);
        publish(flush);
      });
      const stopScopes = onScope(() => {
        arrived = [];
        published = NONE;
        notify();
      });
      return () => {
        stop();
        stopScopes();
      };
    },
    read: () => published,
  };
}
