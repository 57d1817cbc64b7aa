import { createEmitter } from '../../core/platform/emitter.ts';

/** How long changes are gathered, in milliseconds. Nobody reads faster, and each timer takes time of the app. */
const PACE = 100;

/** Tells of changes, at most once in 100 ms. */
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
      }, PACE);
    },
  };
}
