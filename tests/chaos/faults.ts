import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosClient } from './client.ts';

/** Counts what has happened. */
export type Tally = Record<string, number>;

/** Does a thing again and again until it is told to end; the last one is waited for. */
export function again(task: () => Promise<void>): () => Promise<void> {
  let isOver = false;
  const running = (async () => {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    while (!isOver) await task();
  })();
  return async () => {
    isOver = true;
    await running;
  };
}

/**
 * What befalls the network of a client, drawn at random: a reset, a link that is cut at some byte, one that is half-open, no
 * connection for a while. Then all passes again.
 */
export async function disturb(
  { proxy }: ChaosClient,
  random: () => number,
  tally: Tally,
): Promise<void> {
  const count = (name: string) => (tally[name] = (tally[name] ?? 0) + 1);
  const kind = random();
  if (kind < 0.35) {
    count('cuts');
    await proxy.cutsAfter(Math.floor(random() * 3_000));
  } else if (kind < 0.6) {
    count('resets');
    await proxy.resets();
  } else if (kind < 0.85) {
    count('half-open links');
    await proxy.stalls();
    if (random() < 0.3) await proxy.refuses();
  } else {
    count('times without a network');
    await proxy.resets();
    await proxy.refuses();
  }
  await delay(random() * 1_500);
  await proxy.passes();
}
