import { seededRandom } from '../support/random.ts';

/** Random choices that depend on a seed only. */
export interface Chance {
  /** A whole number between the bounds, both included. */
  between(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** Returns a function that goes through the items in random order, and then again in another order. */
  shuffled<Item>(items: readonly Item[]): () => Item;
}

export function createChance(seed: number): Chance {
  const random = seededRandom(seed);
  const below = (end: number) => Math.floor(random() * end);
  const pick = <Item>(items: readonly Item[]) => items[below(items.length)] as Item;
  return {
    between: (least, most) => least + below(most - least + 1),
    pick,
    shuffled<Item>(items: readonly Item[]) {
      const rest: Item[] = [];
      return () => {
        if (rest.length === 0) rest.push(...items);
        return rest.splice(below(rest.length), 1)[0] as Item;
      };
    },
  };
}
