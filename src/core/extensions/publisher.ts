import { tryCall } from '../platform/emitter.ts';
import type { Host } from './extension.ts';

/** Tells those who show messages that there is something new, at most once an animation frame. */
export interface Publisher {
  /**
   * Calls back once for the message that is being delivered, however many follow: after the delivery, or, where there
   * was a callback in this animation frame already, at its end.
   */
  publish(listener: () => void): void;
  /** Publishes to a listener that messages have arrived, until the returned function is called. */
  onMessages(listener: () => void): () => void;
  /** Calls back when what was received belongs to another scope, until the returned function is called. */
  onScope(listener: () => void): () => void;
}

/** The extension that brings a {@link Publisher} to a connection: one schedule for all that show its messages. */
export const publisher: {
  <In, Out>(host: Host<In, Out>): Publisher;
  readonly key: symbol;
} = Object.assign(createPublisher, { key: Symbol('publisher') });

function createPublisher<In, Out>({ clock, on }: Host<In, Out>): Publisher {
  const readers = new Set<() => void>();
  let due = new Set<() => void>();
  let isFrameTaken = false;

  const callAll = (listeners: Set<() => void>) => {
    for (const listener of listeners) tryCall(listener);
  };
  // However many read a connection, a message costs the same.
  const callReaders = () => callAll(readers);

  function callDue(): void {
    const listeners = due;
    isFrameTaken = listeners.size > 0;
    if (!isFrameTaken) return;
    due = new Set();
    clock.frame(callDue);
    callAll(listeners);
  }

  // Not before all handlers have heard of the message, so that all who show it do so in the same frame.
  on('delivered', () => {
    if (readers.size > 0) due.add(callReaders);
    if (!isFrameTaken) callDue();
  });

  return {
    publish: (listener) => void due.add(listener),
    onMessages(listener) {
      readers.add(listener);
      return () => void readers.delete(listener);
    },
    onScope: (listener) => on('scope', listener),
  };
}
