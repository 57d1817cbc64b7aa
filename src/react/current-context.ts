import type { ConnectionContext } from './provider.tsx';
import { DefaultContext } from './provider.tsx';

/** The context of the hook that is being called, as React knows the component that is being rendered. */
let current: unknown;

/**
 * Returns the context from which a hook takes its connection: that of its set-up, or the default one. The message types are
 * those that the application names. They are not checked.
 */
export const currentContext = <In, Out>(): ConnectionContext<In, Out> =>
  (current ?? DefaultContext) as ConnectionContext<In, Out>;

/** Returns a hook that takes its connection from the given context. */
export const bindHook =
  <In, Out, Args extends unknown[], Result>(
    context: ConnectionContext<In, Out>,
    hook: (...args: Args) => Result,
  ): ((...args: Args) => Result) =>
  (...args) => {
    const before = current;
    current = context;
    try {
      return hook(...args);
    } finally {
      current = before;
    }
  };
