import type { Clock } from '../platform/clock.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import type { OwnedOutbox } from './outbox-store.ts';

/** How long a store may take, in milliseconds. Then messages go out without it. */
const PATIENCE = 3_000;

/** Rejects if a store does not answer in time. */
export const inTime = <Value>(clock: Clock, answer: Promise<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(new Error(SLOW)), PATIENCE);
    void answer.then(resolve, reject).then(() => clock.clearTimeout(timer));
  });

/** Gives an outbox up that is owned or will be: as it is, or cleared. */
export async function giveUp(owning: Promise<OwnedOutbox>, isOver: boolean): Promise<void> {
  const owned = await owning.catch(() => undefined);
  try {
    if (isOver) await owned?.clear();
  } finally {
    owned?.release();
  }
}

const SLOW = FULL_TEXTS ? 'the store has not answered for 3 s.' : 'timeout';
