'use client';

import { useInsertionEffect, useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import { tryCall } from '../core/platform/emitter.ts';
import { publisher } from '../core/extensions/publisher.ts';
import { checkFunction } from './checks.ts';
import type { Connection } from '../core/connection.ts';
import { checkMaxRate, limitRate } from './limit-rate.ts';
import type { ListenOptions, Vouched } from './use-message.ts';
import { useListened } from './use-message.ts';

/** The options of {@link useMessages}. */
export interface MessagesOptions<In = Frame, Out = OutFrame> extends ListenOptions<In, Out> {
  /** How many of the newest messages the list keeps: a whole number of at least 1. @defaultValue 100 */
  readonly limit?: number | undefined;
  /** Returns whether the list keeps a message. It is called when the message arrives. @defaultValue all are kept */
  readonly filter?: ((message: In) => boolean) | undefined;
  /**
   * How often the component is updated at most, in updates a second. The last message is always shown. @defaultValue once in each
   * animation frame
   */
  readonly maxRate?: number | undefined;
}

/** The options of {@link useMessages} with a type predicate: the list has the type that it keeps. */
export type FilteredOptions<In, Out, Kept extends In> = Omit<MessagesOptions<In, Out>, 'filter'> & {
  readonly filter: (message: In) => message is Kept;
};

/**
 * Returns the newest messages that have arrived since the component was mounted, oldest first. The array changes at most
 * once in each animation frame, and is empty again after the scope changes.
 *
 * @throws TypeError if `limit` is not a whole number of at least 1; Error if there is no `<WebSocketProvider>` above and
 * no `connection` option.
 * @example
 * ```tsx
 * function Chat() {
 *   const messages = useMessages({ limit: 50 });
 *   return messages.map((text, index) => <p key={index}>{String(text)}</p>);
 * }
 * ```
 */
export function useMessages<Kept extends In, In = Frame, Out = OutFrame>(
  options: Vouched<FilteredOptions<In, Out, Kept>, In, Out>,
): readonly Kept[];
export function useMessages<In = Frame, Out = OutFrame>(
  options: Vouched<MessagesOptions<In, Out>, In, Out>,
): readonly In[];
/** Returns the newest 100 messages of the nearest provider. */
export function useMessages(): readonly Frame[];
export function useMessages<In, Out>(options: MessagesOptions<In, Out> = {}): readonly In[] {
  const listened = useListened('useMessages', options, MESSAGES_OPTIONS);
  const { limit = 100, filter, maxRate } = options;
  checkMaxRate(maxRate, 'useMessages');
  if (filter) checkFunction(filter, 'useMessages() needs a filter');
  if (!(Number.isInteger(limit) && limit > 0))
    throw new TypeError(
      `useMessages() needs a limit that is a whole number of at least 1, not ${typeof limit === 'number' ? limit : typeof limit}.`,
    );
  const list = useMemo(() => createList(listened), [listened]);
  useInsertionEffect(() => list.configure(limit, filter, maxRate));
  const newest = useSyncExternalStore(list.subscribe, list.read, readOnServer);
  // A smaller limit applies in the same render.
  return useMemo(() => (newest.length > limit ? newest.slice(-limit) : newest), [newest, limit]);
}

const MESSAGES_OPTIONS = { limit: '', filter: '', maxRate: '' };
const NO_MESSAGES: readonly never[] = [];
const readOnServer = () => NO_MESSAGES;

/** Makes the list of the newest messages of a connection. A new scope empties it. */
function createList<In, Out>(connection: Connection<In, Out>) {
  let limit = 1;
  let filter: ((message: In) => boolean) | undefined;
  let maxRate: number | undefined;
  let arrived: In[] = [];
  let published: readonly In[] = NO_MESSAGES;
  const { publish, onScope } = connection.extend(publisher);

  return {
    configure(newLimit: number, newFilter: typeof filter, newMaxRate: number | undefined) {
      limit = newLimit;
      filter = newFilter;
      maxRate = newMaxRate;
    },
    subscribe(notify: () => void) {
      const update = () => {
        published = arrived.slice(-limit);
        notify();
      };
      const rate = limitRate(connection.clock, () => maxRate, update);
      const publishNow = () => publish(update);
      const stop = connection.on('message', (message) => {
        if (filter && !tryCall(filter, message)) return;
        arrived.push(message);
        // The array is cut only at twice the limit, so that most messages need no copy.
        if (arrived.length > limit * 2) arrived = arrived.slice(-limit);
        rate.call(publishNow);
      });
      const stopScopes = onScope(() => {
        arrived = [];
        published = NO_MESSAGES;
        notify();
      });
      return () => {
        stop();
        stopScopes();
        rate.stop();
      };
    },
    read: () => published,
  };
}
