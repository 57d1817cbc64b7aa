import { describe } from '../checks/describe.ts';

/** @throws TypeError if a value is not a client of the package `redis`; the message names the function that got it. */
export function checkClient(name: string, client: unknown): void {
  const { duplicate, getSentinelNode } = (client ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof getSentinelNode === 'function')
    throw new TypeError(
      `${name} takes no client of createSentinel(): pass createClient() with an address that leads to the master.`,
    );
  if (typeof client === 'object' && typeof duplicate === 'function') return;
  throw new TypeError(
    `${name} takes a client of the package redis: pass createClient({ url: 'redis://localhost:6379' }).`,
  );
}

/** @throws TypeError if a prefix is not a text: keys would begin with `[object Object]`. */
export function checkPrefix(prefix: unknown): void {
  if (typeof prefix !== 'string')
    throw new TypeError(`prefix must be a string, not ${describe(prefix)}.`);
}
