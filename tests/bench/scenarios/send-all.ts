import type { Send } from '../libraries/library.ts';
import { textOf } from '../messages.ts';
import type { Play } from '../scenario.ts';

/**
 * Sends all messages of a play at once, and resolves to the time of the calls in milliseconds. It runs in a timer, since
 * `ScriptDuration` leaves out microtasks and so everything after an `await`.
 */
export const sendAll = (send: Send, play: Play): Promise<number> =>
  new Promise((resolve) => {
    setTimeout(() => {
      const start = performance.now();
      for (let n = 0; n < play.messages; n++) send(textOf(n, play));
      resolve(performance.now() - start);
    });
  });
