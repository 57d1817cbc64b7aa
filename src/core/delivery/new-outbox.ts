import { toHex } from '../platform/hex.ts';

/** Returns 128 random bits, as the id of an outbox. React Native may have no `crypto`. */
export function newOutbox(): string {
  const bytes = new Uint8Array(16).map(() => Math.random() * 256);
  globalThis.crypto?.getRandomValues(bytes);
  return toHex(bytes);
}
