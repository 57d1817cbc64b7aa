import type { Page } from '../../support/chromium/page.ts';

/** What comes by a timer of a hidden tab comes up to a second late, in milliseconds; messages come sooner. */
export const AT_ONCE = 500;

/** From each time to the next. */
export const gaps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, n) => time - Number(times[n]));

/** How long each message was under way, which is nothing but the time at which it was sent. */
export async function delays(page: Page): Promise<number[]> {
  const sent = await page.told('message');
  return (await page.when('message')).map((time, n) => time - Number(sent[n]));
}
