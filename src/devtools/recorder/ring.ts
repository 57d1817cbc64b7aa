/** The newest items, up to a number and a size of them together. */
export interface Ring<Item> {
  /** The items, the oldest first: the same array until they change. */
  items(): readonly Item[];
  /** Adds an item of so many bytes. */
  push(item: Item, bytes: number): void;
  clear(): void;
}

/** Makes a {@link Ring}. */
export function createRing<Item>(maxItems: number, maxBytes: number): Ring<Item> {
  // Arrays that are filled by index are faster than a queue of objects.
  let slots: Item[] = [];
  let sizes: number[] = [];
  /** The number of the oldest item that is kept, and of the next one, since the last `clear()`. */
  let first = 0;
  let next = 0;
  let bytes = 0;
  let list: readonly Item[] | null = [];

  return {
    items() {
      if (list) return list;
      const [start, end] = [first % maxItems, next % maxItems];
      list =
        start < end ? slots.slice(start, end) : [...slots.slice(start), ...slots.slice(0, end)];
      return list;
    },
    push(item, size) {
      if (next - first === maxItems) bytes -= sizes[first++ % maxItems] as number;
      const slot = next++ % maxItems;
      slots[slot] = item;
      sizes[slot] = size;
      bytes += size;
      while (bytes > maxBytes && next - first > 1) {
        bytes -= sizes[first % maxItems] as number;
        // The slot would keep what it holds from being freed.
        slots[first++ % maxItems] = undefined as Item;
      }
      list = null;
    },
    clear() {
      slots = [];
      sizes = [];
      first = next = bytes = 0;
      list = [];
    },
  };
}
