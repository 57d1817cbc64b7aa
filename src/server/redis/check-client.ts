/** @throws TypeError if a value is not a client of the package `redis`; the message names the function that got it. */
export function checkClient(name: string, client: unknown): void {
  const { duplicate } = (client ?? {}) as { duplicate?: unknown };
  if (typeof client === 'object' && typeof duplicate === 'function') return;
  throw new TypeError(
    `${name} takes a client of the package redis: pass createClient({ url: 'redis://localhost:6379' }).`,
  );
}
