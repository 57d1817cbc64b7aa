'use client';

import type { JSX } from 'react';
import { useMemo } from 'react';
import type { Entry } from '../recorder/types.ts';
import { entriesOf } from './select.ts';
import { describeDuration } from './words.ts';

/** How many round trips are drawn. */
const LIMIT = 40;
const BAR = 3;
const HEIGHT = 28;

/** The last round trips as a small plot: a bar for each, the newest at the right. */
export function RoundTrips({ entries }: { readonly entries: readonly Entry[] }): JSX.Element {
  const durations = useMemo(
    () =>
      entriesOf(entries, 'roundTrip')
        .slice(-LIMIT)
        .map(({ duration }) => duration),
    [entries],
  );
  const last = durations.at(-1);
  if (last === undefined) return <p className="note">No round trip yet</p>;
  const longest = Math.max(...durations);
  const heightOf = (duration: number) => Math.max(1, (duration / (longest || 1)) * HEIGHT);
  return (
    <figure className="round-trips">
      <svg width={durations.length * BAR} height={HEIGHT} aria-hidden="true">
        {durations.map((duration, n) => (
          <rect
            // oxlint-disable-next-line react/no-array-index-key -- a bar is told by its place
            key={n}
            x={n * BAR}
            y={HEIGHT - heightOf(duration)}
            width={BAR - 1}
            height={heightOf(duration)}
          />
        ))}
      </svg>
      <figcaption>
        <span>
          Round trip <strong>{describeDuration(last)}</strong>
        </span>
        <span className="note">longest {describeDuration(longest)}</span>
      </figcaption>
    </figure>
  );
}
