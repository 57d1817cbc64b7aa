'use client';

import { useEffect, useInsertionEffect, useMemo, useState } from 'react';
import type { Connection } from '../core/connection.ts';
import type { ConnectionOptions } from '../core/options/options.ts';
import { scopeOf } from '../core/options/scope.ts';
import { validateOptions } from '../core/options/validate.ts';
import { FULL_TEXTS } from '../core/platform/texts.ts';
import { checkHeld } from './checks.ts';
import { createOwnConnection, isConnection, retainAfter, viewOf } from './own-connection.ts';

/** The options of a connection that a component makes and holds open. */
export interface HeldConnectionOptions<In, Out> extends ConnectionOptions<In, Out> {
  /**
   * Whether to connect. False has the effect of a null url: the link closes at once, and the outbox and all messages are
   * dropped. @defaultValue true
   */
  readonly enabled?: boolean | undefined;
  /**
   * Whether the connection waits for the first `open()` or `reconnect()`. Until then its status is `idle`, and what is sent waits in
   * the outbox. @defaultValue false
   */
  readonly manual?: boolean | undefined;
  /**
   * How long the link stays open after the component has unmounted or was hidden, in milliseconds. @defaultValue 0: until
   * the end of the tick. A topic without listeners stays subscribed for 1_000.
   */
  readonly linger?: number | undefined;
}

/** Returns the options of the connection, and whether it is manual. If `enabled` is false, the url is null. */
function split<In, Out>({ enabled = true, manual, ...options }: HeldConnectionOptions<In, Out>) {
  return [enabled ? options : { ...options, url: null }, manual] as const;
}

/**
 * Holds a connection open while the component is mounted.
 *
 * @param target - A connection; or options, from which the component makes a connection of its own and updates it at
 * each render; or null for no connection. Making it in render is safe: it opens only when it is retained in an effect.
 */
export function useConnection<In, Out>(
  target: Connection<In, Out> | HeldConnectionOptions<In, Out> | null,
): Connection<In, Out> | null {
  const given = isConnection<In, Out>(target) ? target : null;
  if (FULL_TEXTS && target && !given) checkHeld(target as HeldConnectionOptions<In, Out>);
  const [options, manual] =
    target && !given ? split(target as HeldConnectionOptions<In, Out>) : [null];
  const create = () => options && createOwnConnection(options, manual);
  const [stored, store] = useState(create);
  const own = options && (stored ?? create());
  if (own && own !== stored) store(own);
  if (options) validateOptions(options);

  const scope = options ? scopeOf(options) : undefined;
  const view = useMemo(() => own && own.createView(scope), [own, scope]);
  // Before the effects of all children, layout effects included: what they send belongs to this render.
  useInsertionEffect(() => {
    if (options) viewOf(view)?.stage(options);
  });
  useEffect(() => {
    own?.apply(true);
    if (!manual) own?.start();
  });

  const connection = given ?? view;
  // The same in all views, so that a new view does not hold it again.
  const retain = connection?.retain;
  useEffect(() => {
    // Held from the end of this tick until the end of the tick of the cleanup. So a component that unmounts within its first tick
    // opens no link, and one that mounts again within a tick (StrictMode does that, and hot reload) keeps the link.
    // A promise and not queueMicrotask(), which fake timers replace.
    const letGo = retain && retainAfter(Promise.resolve(), retain);
    return () => {
      letGo?.();
      own?.apply(false);
    };
  }, [retain, own]);

  return connection;
}
