import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is left of the heap when all garbage is gone, in bytes. */
export function heapSize(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
