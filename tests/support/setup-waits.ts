// A wait ends as soon as its condition holds. The second that Vitest gives it is too short for a busy machine.
import { vi } from 'vitest';

/** For how long `vi.waitFor()` waits unless it is told, in milliseconds; less than any test may take. */
const PATIENCE = 10_000;

const { waitFor } = vi;

/** As `vi.waitFor()`. */
function waitPatiently<Value>(
  callback: () => Value | Promise<Value>,
  options: Parameters<typeof waitFor>[1] = PATIENCE,
): Promise<Value> {
  const told = typeof options === 'number' ? { timeout: options } : options;
  return waitFor(callback, { timeout: PATIENCE, ...told });
}

// Files that share a worker share `vi`, too.
if (waitFor.name !== waitPatiently.name) vi.waitFor = waitPatiently;
