import { guard } from '../platform/emitter.ts';
import type { Host } from './extension.ts';

/** When what a connection has received is shown. */
export interface Frames {
  /**
   * Calls back at most once a frame, to be asked for while a message is delivered: after the delivery if nothing was
   * called back in this frame yet, otherwise at the end of the frame.
   */
  publish(listener: () => void): void;
  /** Publishes to a listener that messages have arrived, until the returned function is called. */
  onMessages(listener: () => void): () => void;
  /** Calls back when what was received belongs to another scope, until the returned function is called. */
  onScope(listener: () => void): () => void;
}

/** The extension that brings {@link Frames} to a connection: one schedule for all that read it. */
export const frames: {
  <In, Out>(host: Host<In, Out>): Frames;
  readonly key: symbol;
} = Object.assign(createFrames, { key: Symbol('frames') });

function createFrames<In, Out>({ clock, on }: Host<In, Out>): Frames {
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

  // However many read a connection, a message costs the same.
  const callReaders = () => call(readers);

  // Not before all handlers have heard of the message: what is drawn shows it everywhere.
  on('delivered', () => {
    if (readers.size > 0) due.add(callReaders);
    if (!isDrawing) draw();
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
