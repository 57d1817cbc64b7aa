'use client';

import type { JSX } from 'react';
import type { Entry } from '../recorder/recording.ts';
import { entriesOf } from './select.ts';
import { describeDuration } from './words.ts';

/** How many round trips are drawn. */
const LIMIT = 60;
const WIDTH = 120;
const HEIGHT = 28;

/** The last round trips as a small plot. */
export function RoundTrips({ entries }: { readonly entries: readonly Entry[] }): JSX.Element {
  const durations = entriesOf(entries, 'roundTrip')
    .slice(-LIMIT)
    .map(({ duration }) => duration);
  const last = durations.at(-1);
  if (last === undefined) return <p className="round-trips note">No round trip yet</p>;
  const longest = Math.max(...durations);
  const points = durations.map((duration, n) => {
    const x = WIDTH - (durations.length - 1 - n) * (WIDTH / LIMIT) - 2;
    return `${x.toFixed(1)},${(HEIGHT - 2 - (duration / (longest || 1)) * (HEIGHT - 4)).toFixed(1)}`;
  });
  return (
    <figure className="round-trips">
      <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <polyline points={points.join(' ')} />
        <circle cx={WIDTH - 2} cy={points.at(-1)?.split(',')[1]} r="2" />
      </svg>
      <figcaption>
        Round trip <strong>{describeDuration(last)}</strong>
        <span className="note">longest {describeDuration(longest)}</span>
      </figcaption>
    </figure>
  );
}
