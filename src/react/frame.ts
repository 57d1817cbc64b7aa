'use client';

import type { Clock } from '../core/clock.ts';
import { guard } from '../core/emitter.ts';

/** When what a connection has received is shown. */
export interface Frames {
  /** Calls back at most once a frame: at once if nothing was called back in this frame yet, otherwise at its end. */
  publish(listener: () => void): void;
  /** Publishes to a listener that messages have arrived, until the returned function is called. */
  onMessages(listener: () => void): () => void;
}

/** Makes the {@link Frames} of a connection: one schedule for all that read it. */
export function createFrames({
  clock,
  on,
}: {
  readonly clock: Clock;
  on(type: 'message', handler: () => void): () => void;
}): Frames {
  const readers = new Set<() => void>();
  let due = new Set<() => void>();
  let isDrawing = false;

  const call = (listeners: Set<() => void>) => {
    for (const listener of listeners) guard(listener);
  };

  function draw(): void {
    const listeners = due;
    isDrawing = listeners.size > 0;
    if (!isDrawing) return;
    due = new Set();
    clock.frame(draw);
    call(listeners);
  }

  function publish(listener: () => void): void {
    due.add(listener);
    if (!isDrawing) draw();
  }

  // However many read a connection, a message costs the same.
  const callReaders = () => call(readers);
  let stop: (() => void) | undefined;

  return {
    publish,
    onMessages(listener) {
      readers.add(listener);
      stop ??= on('message', () => publish(callReaders));
      return () => {
        readers.delete(listener);
        if (readers.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}
