import { setTimeout as delay } from 'node:timers/promises';

/** The processor time of this process so far, in milliseconds. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** The memory in use after garbage collections, in bytes, and the processor time so far, in milliseconds. */
export async function usage() {
  for (let n = 0; n < 3; n++) {
    globalThis.gc?.();
    // Some memory is freed only in a later task.
    // oxlint-disable-next-line no-await-in-loop
    await delay(50);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapUsed, external, rss, cpu: cpuTime() };
}

/** Broadcasts so many times, and returns the processor time of it in milliseconds. */
export async function cpuOfBroadcasts(count: number, broadcast: () => void): Promise<number> {
  const before = cpuTime();
  for (let n = 0; n < count; n++) {
    broadcast();
    // oxlint-disable-next-line no-await-in-loop -- the clients have read one before the next
    await delay(50);
  }
  return cpuTime() - before;
}
