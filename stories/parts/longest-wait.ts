import { retryDelay } from '../../src/core/machine/backoff.ts';
import { resolveOptions } from '../../src/core/options/settings.ts';
import type { Cause } from '../../src/index.ts';

/** The longest wait, in milliseconds, that chance can draw after so many failures: from the very function that the machine asks. */
export function longestWait(cause: Cause | null, attempt: number, baseDelay: number): number {
  if (cause === null) return 0;
  const options = resolveOptions({ reconnect: { baseDelay }, random: () => 1 });
  return retryDelay(options, cause, attempt, false) ?? 0;
}
