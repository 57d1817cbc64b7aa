import type { Frame } from '../link/frame.ts';
import type { Heard } from './header.ts';

/** How many topics one frame tells. With the longest names, it is shorter than 64 KiB. */
const TOPICS_IN_FRAME = 32;

/** How many positions a server takes. */
const MAX_TOLD = 1_001;

type Position = readonly [epoch: string, number: number];

/** How far the application has heard each topic. */
export interface Positions {
  /** Returns the frames that tell them to the server. */
  frames(): string[];
  /** Handles a frame about a topic. A position changes in the same step in which the application is handed the message. */
  receive(heard: Heard): void;
  /** Forgets all. */
  clear(): void;
}

/** Returns a list in parts, each of at most so many. */
export const inParts = <Value>(list: readonly Value[], size: number): Value[][] =>
  list.flatMap((_, at) => (at % size === 0 ? [list.slice(at, at + size)] : []));

/**
 * Makes {@link Positions}.
 *
 * @param deliver - Called with the payload of a message that is new.
 * @param missed - Called with a topic of which messages are missing.
 */
export function createPositions(
  deliver: (payload: Frame) => void,
  missed: (topic: string) => void,
): Positions {
  const positions = new Map<string, Position>();

  return {
    frames() {
      const told = Array.from(positions, ([topic, position]) => [topic, ...position]).slice(
        0,
        MAX_TOLD,
      );
      return inParts(told, TOPICS_IN_FRAME).map((topics) =>
        JSON.stringify({ lifeline: 'positions', topics }),
      );
    },
    receive({ word, payload = '' }) {
      const {
        lifeline,
        topic,
        epoch: given,
        number,
      } = word as {
        lifeline: string;
        topic: string;
        epoch?: string;
        number: number;
      };
      if (lifeline === 'unsubscribed') return void positions.delete(topic);
      const [before, last] = positions.get(topic) ?? [];
      const epoch = given ?? before ?? '';
      const isMessage = lifeline === 'topic';
      const isSame = epoch === before;
      const isGap = lifeline === 'gap';
      if (!isGap && isSame && number <= (last as number)) return;
      // A message without a position cannot be counted, and one with the next number misses nothing.
      if (!isMessage || isSame) positions.set(topic, [epoch, number]);
      if (isGap || (before !== undefined && !(isSame && number === (last as number) + 1)))
        missed(topic);
      if (isMessage) deliver(payload);
    },
    clear: () => positions.clear(),
  };
}
