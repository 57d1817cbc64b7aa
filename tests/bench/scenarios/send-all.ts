import type { Send } from '../libraries/library.ts';
import { textOf } from '../messages.ts';
import type { Play } from '../scenario.ts';

/**
 * Sends all messages of a play in one go, and tells in how many milliseconds the calls have returned. It does so in the
 * callback of a timer: `ScriptDuration` leaves out microtasks, and so all that follows an `await`.
 */
export const sendAll = (send: Send, play: Play): Promise<number> =>
  new Promise((resolve) => {
    setTimeout(() => {
      const start = performance.now();
      for (let n = 0; n < play.messages; n++) send(textOf(n, play));
      resolve(performance.now() - start);
    });
  });
