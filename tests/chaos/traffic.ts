import { setTimeout as delay } from 'node:timers/promises';
import { again, disturb, type Tally } from './faults.ts';
import type { ChaosClient } from './client.ts';
import { ROOMS } from './words.ts';

/** How long the chaos lasts, in milliseconds, and where its random numbers begin. */
export const CHAOS: { readonly ms: number; readonly seed: number } = {
  ms: 1_000 * Number(process.env.CHAOS_SECONDS ?? (process.env.SOAK ? 600 : 10)),
  seed: Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31)),
};

/** Messages in each direction, and requests, in a second. */
const PER_SECOND = 1_000;
/** From one moment of sending to the next, in milliseconds. */
const STEP = 20;

/** How many networks are disturbed at a time. */
const DISTURBED = 12;

/** Waits until something is so, but for so many milliseconds at most. */
export async function until(isSo: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  // oxlint-disable-next-line no-await-in-loop -- time passes
  while (!isSo() && performance.now() < end) await delay(50);
}

/** Sends, asks and says for so long. `say`: says a message in a topic; returns whether it may be recorded. */
async function talk(
  clients: readonly ChaosClient[],
  random: () => number,
  ms: number,
  say: (topic: string, text: string) => boolean,
): Promise<void> {
  let said = 0;
  let due = 0;
  const start = performance.now();
  for (let now = 0; now < ms; now = performance.now() - start) {
    for (const end = Math.min(now, ms) * (PER_SECOND / 1_000); due < end; due++) {
      const client = () => clients[Math.floor(random() * clients.length)] as ChaosClient;
      client().send();
      client().ask();
      if (say(`room-${said % ROOMS}`, `room-${said % ROOMS} hears ${said + 1}`)) said++;
    }
    // oxlint-disable-next-line no-await-in-loop -- time passes
    await delay(STEP);
  }
}

/** Lets all talk while networks are disturbed, and perhaps more. Then all is left alone. */
export async function wreakHavoc(
  clients: readonly ChaosClient[],
  random: () => number,
  say: (topic: string, text: string) => boolean,
  more: (tally: Tally) => readonly (() => Promise<void>)[] = () => [],
): Promise<Tally> {
  const tally: Tally = {};
  // Each has clients of its own, so that no network is disturbed twice at a time.
  const share = Math.ceil(clients.length / DISTURBED);
  const disturbers = Array.from({ length: DISTURBED }, (_, n) => {
    const own = clients.slice(n * share, (n + 1) * share);
    return again(async () => {
      const client = own[Math.floor(random() * own.length)];
      if (client) await disturb(client, random, tally);
      await delay(random() * 300);
    });
  });
  const others = more(tally);
  await talk(clients, random, CHAOS.ms, say);
  await Promise.all([...disturbers, ...others].map((end) => end()));
  return tally;
}
