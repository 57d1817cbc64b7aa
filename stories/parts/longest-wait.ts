import { retryDelay } from '../../src/core/machine/backoff.ts';
import { resolveOptions } from '../../src/core/options/settings.ts';
import type { Cause, ReconnectOptions } from '../../src/index.ts';

/** The longest possible wait after so many failures, in milliseconds, from the function that the machine calls. */
export function longestWait(
  cause: Cause | null,
  attempt: number,
  reconnect: ReconnectOptions,
): number {
  if (cause === null) return 0;
  const options = resolveOptions({ reconnect, random: () => 1 });
  return retryDelay(options, cause, attempt, false) ?? 0;
}
