import { tryCall } from '../platform/emitter.ts';
import type { Host } from './extension.ts';

/** Notifies the components that show messages, at most once in each animation frame. */
export interface Publisher {
  /**
   * Called while a message is delivered: plans one call of the listener. The call happens after the delivery or, if
   * listeners were already called in this animation frame, at the next frame. Further messages until then add no call.
   */
  publish(listener: () => void): void;
  /** Calls what {@link publish} has planned, outside of a delivery: now or at the next frame, as after one. */
  flush(): void;
  /** Calls the listener after messages have arrived, at most once a frame. Returns the function that removes it. */
  onMessages(listener: () => void): () => void;
  /** Calls the listener when a new scope begins. Returns the function that removes it. */
  onScope(listener: () => void): () => void;
}

/** The extension that makes the {@link Publisher} of a connection. All components of a connection share its schedule. */
export const publisher: {
  <In, Out>(host: Host<In, Out>): Publisher;
  readonly key: symbol;
} = Object.assign(createPublisher, { key: Symbol('publisher') });

function createPublisher<In, Out>({ clock, on }: Host<In, Out>): Publisher {
  const messageListeners = new Set<() => void>();
  let pending = new Set<() => void>();
  let hasPublishedThisFrame = false;

  const callAll = (listeners: Set<() => void>) => {
    for (const listener of listeners) tryCall(listener);
  };
  // One entry for all of them, so that the cost of a message does not grow with their number.
  const callMessageListeners = () => callAll(messageListeners);

  function callPending(): void {
    const listeners = pending;
    hasPublishedThisFrame = listeners.size > 0;
    if (!hasPublishedThisFrame) return;
    pending = new Set();
    clock.frame(callPending);
    callAll(listeners);
  }

  function flush(): void {
    if (!hasPublishedThisFrame) callPending();
  }

  // After the last handler, so that all components that show the message render it in the same frame.
  on('delivered', () => {
    if (messageListeners.size > 0) pending.add(callMessageListeners);
    flush();
  });

  return {
    publish: (listener) => void pending.add(listener),
    flush,
    onMessages(listener) {
      messageListeners.add(listener);
      return () => void messageListeners.delete(listener);
    },
    onScope: (listener) => on('scope', listener),
  };
}
