import type { Play } from './scenario.ts';

const SIZE = 100;

/** A message of 100 bytes with its number. */
export const textOf = (n: number, { play }: Pick<Play, 'play'>): string =>
  `${n} of play ${play} `.padEnd(SIZE, '.');

/** A message for a topic. */
export interface Quote {
  readonly topic: string;
  readonly n: number;
  readonly play: number;
  /** Whether it is the last of its topic in this play. */
  readonly last: boolean;
}

/** The names of `count` topics. */
export const topicsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `topic-${n}`);

/** A message of about 100 bytes. Topics take turns. */
export const quoteOf = (n: number, { play, messages, components }: Play): string =>
  JSON.stringify({
    topic: `topic-${n % components}`,
    n,
    play,
    last: n >= messages - components,
    note: 'as long as the other messages',
  });
