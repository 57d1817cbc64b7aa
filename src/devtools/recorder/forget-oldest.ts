/** Deletes the oldest keys above a number of them, except for those that are still needed. */
export function forgetOldest<Key>(
  keys: Map<Key, unknown> | Set<Key>,
  most: number,
  isNeeded: (key: Key) => boolean,
): void {
  for (const key of keys.keys()) {
    if (keys.size <= most) return;
    if (!isNeeded(key)) keys.delete(key);
  }
}
