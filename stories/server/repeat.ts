/** The shortest time between two calls, in milliseconds: several for each frame of a page. */
const TICK = 5;
/** How many seconds are made up for at most: the timers of a hidden page may stand still for a minute. */
const MOST_LATE = 1;

/**
 * Lets something happen so many times a second, also where timers are late. The function is told how many times it is due now.
 * Returns the function that ends it.
 */
export function repeat(perSecond: number, happen: (times: number) => void): () => void {
  let at = performance.now();
  let due = 0;
  const tick = () => {
    const now = performance.now();
    due = Math.min(due + ((now - at) / 1_000) * perSecond, MOST_LATE * perSecond);
    at = now;
    const times = Math.floor(due);
    due -= times;
    happen(times);
  };
  const timer = setInterval(tick, Math.max(TICK, 1_000 / perSecond));
  return () => clearInterval(timer);
}
