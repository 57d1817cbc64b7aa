import type { Host } from './extension.ts';

/** The extension that tells of changes of the outbox: it calls the listener after each, until the returned function is called. */
export const outboxChanges: {
  <In, Out>(host: Host<In, Out>): (listener: () => void) => () => void;
  readonly key: symbol;
} = Object.assign(
  <In, Out>({ on }: Host<In, Out>) =>
    (listener: () => void) =>
      on('outbox', listener),
  { key: Symbol('outbox changes') },
);
