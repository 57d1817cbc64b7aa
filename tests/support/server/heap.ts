import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The size of the heap after a garbage collection, in bytes. */
export function heapSize(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** The memory in use after a garbage collection, buffers outside of the heap included, in bytes. */
export function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
