import type { Frame } from '../link/frame.ts';
import { byteLength } from '../link/frame.ts';
import type { Heard } from './header.ts';

/** The longest frame that tells them, in bytes. */
const LONGEST = 65_536;

/** How many positions a server takes. */
const MAX_TOLD = 1_001;

type Position = readonly [epoch: string, number: number];

/** How far the application has heard each topic. */
export interface Positions {
  /** Returns the frames that tell them to the server, each as large as it takes. */
  frames(largest: number): string[];
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
    frames(largest) {
      const tell = (topics: readonly unknown[]): string[] => {
        const frame = JSON.stringify({ lifeline: 'positions', topics });
        return topics.length < 2 || (byteLength(frame) as number) <= Math.min(largest, LONGEST)
          ? [frame]
          : inParts(topics, Math.ceil(topics.length / 2)).flatMap(tell);
      };
      const all = Array.from(positions, ([topic, position]) => [topic, ...position]);
      return all.length > 0 ? tell(all.slice(0, MAX_TOLD)) : [];
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
