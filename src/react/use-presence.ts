'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Presence } from '../core/lifeline/presence.ts';
import { presence } from '../core/lifeline/presence.ts';
import type { Source } from './use-connection.ts';
import { isOutdated } from './use-connection.ts';
import type { ListenOptions } from './use-message.ts';
import { rawContext, useListened } from './use-message.ts';

/**
 * Who is online: a new list when it changes, empty until the server has told. The connection needs the heartbeat
 * `lifeline()`, and a server that speaks the protocol, such as that of `react-lifeline/server`.
 *
 * @throws Error where the heartbeat is another.
 */
export function usePresence<In = Frame, Out = OutFrame>(
  options?: ListenOptions<In, Out>,
): readonly string[];
/**
 * Whether somebody is online. The component renders when this changes, whoever else comes and goes.
 *
 * @param id - Null is nobody.
 * @throws Error where the heartbeat is no `lifeline()`.
 */
export function usePresence<In = Frame, Out = OutFrame>(
  id: string | null,
  options?: ListenOptions<In, Out>,
): boolean;
export function usePresence<In, Out>(
  first?: ListenOptions<In, Out> | string | null,
  second?: ListenOptions<In, Out>,
): unknown {
  const isOne = typeof first === 'string' || first === null;
  const source = useListened(rawContext<In, Out>(), 'usePresence', isOne ? second : first);
  const id = isOne ? first : undefined;
  const [subscribe, read, readOnServer] = useMemo(
    () =>
      id === undefined
        ? storeOf(source, NOBODY, (who) => who.list())
        : storeOf(source, false, (who) => id !== null && who.isOnline(id)),
    [source, id],
  );
  return useSyncExternalStore<unknown>(subscribe, read, readOnServer);
}

const NOBODY: readonly string[] = [];

function storeOf<In, Out, Value>(
  source: Source<In, Out>,
  nothing: Value,
  select: (who: Presence) => Value,
) {
  const { connection } = source;
  const watch = (listener: () => void) => connection.extend(presence).watch(listener);
  const read = () => (isOutdated(source) ? nothing : select(connection.extend(presence)));
  return [watch, read, () => nothing] as const;
}
