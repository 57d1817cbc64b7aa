import { seededRandom } from '../support/random.ts';

/** What a seed decides. */
export interface Chance {
  /** A whole number, the bounds included. */
  between(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** Deals the items in a random order, each as often as it is in the list, then again in another. */
  deck<Item>(items: readonly Item[]): () => Item;
}

export function createChance(seed: number): Chance {
  const random = seededRandom(seed);
  const below = (end: number) => Math.floor(random() * end);
  const pick = <Item>(items: readonly Item[]) => items[below(items.length)] as Item;
  return {
    between: (least, most) => least + below(most - least + 1),
    pick,
    deck<Item>(items: readonly Item[]) {
      const rest: Item[] = [];
      return () => {
        if (rest.length === 0) rest.push(...items);
        return rest.splice(below(rest.length), 1)[0] as Item;
      };
    },
  };
}
