import { createEmitter } from '../../core/platform/emitter.ts';

/** How long changes are gathered, in milliseconds: a frame of a display. */
const FRAME = 16;

/** Tells of changes, at most once in a frame. */
export interface Notifier {
  subscribe(this: void, listener: () => void): () => void;
  notify(this: void): void;
}

/** Makes a {@link Notifier}. */
export function createNotifier(): Notifier {
  const { on, emit } = createEmitter<{ change: [] }>();
  let count = 0;
  let isPlanned = false;
  return {
    subscribe(listener) {
      const remove = on('change', listener);
      count++;
      return () => {
        count--;
        remove();
      };
    },
    notify() {
      if (isPlanned || count === 0) return;
      isPlanned = true;
      setTimeout(() => {
        isPlanned = false;
        emit('change');
      }, FRAME);
    },
  };
}
