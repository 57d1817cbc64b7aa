import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// @testing-library/react does both by itself only where the test functions are globals.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  // The option `unstubGlobals` would do so before the next test, which is too late for the next file's hooks.
  vi.unstubAllGlobals();
});
