import type { Page } from '../../support/chromium/page.ts';

/** Timers of a hidden tab fire up to a second late. Messages arrive sooner than this, in milliseconds. */
export const AT_ONCE = 500;

/** The difference from each time to the next. */
export const gaps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, n) => time - Number(times[n]));

/** How long each message took. Its text is the time at which it was sent. */
export async function delays(page: Page): Promise<number[]> {
  const sent = await page.recorded('message');
  return (await page.when('message')).map((time, n) => time - Number(sent[n]));
}
