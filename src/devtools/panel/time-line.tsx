'use client';

import type { JSX } from 'react';
import { useSyncExternalStore } from 'react';
import type { Entry, Recording } from '../recorder/types.ts';
import { focusPanel } from './focus-panel.ts';
import type { Period } from './select.ts';
import { periodsOf } from './select.ts';
import { StatusWord } from './status-word.tsx';
import { useNow } from './use-now.ts';
import { describeCause, describeTime, show, STATUS_WORDS } from './words.ts';

interface TimeLineProps {
  readonly recording: Recording;
  readonly entries: readonly Entry[];
  /** The moment that is looked at; null is now. */
  readonly moment: number | null;
  readonly onChoose: (moment: number | null) => void;
}

/** The state and its cause, and a strip of all states. Moving along it shows an earlier moment. */
export function TimeLine({ recording, entries, moment, onChoose }: TimeLineProps): JSX.Element {
  const { connection } = recording;
  const snapshot = useSyncExternalStore(connection.subscribe, connection.getSnapshot);
  const now = Math.max(useNow(connection.clock), entries.at(-1)?.at ?? 0);
  const start = Math.min(entries[0]?.at ?? now, now - 1_000);
  const periods = periodsOf(entries, now);
  const shown = moment === null ? snapshot : periods.filter(({ from }) => from <= moment).at(-1);
  return (
    <div className="time-line">
      <StateSentence state={shown} moment={moment} onBack={() => onChoose(null)} />
      <div className="strip">
        <Strip periods={periods} start={start} end={now} />
        <input
          type="range"
          aria-label="Moment"
          min={start}
          max={now}
          step="any"
          value={moment ?? now}
          aria-valuetext={`${describeTime(moment ?? now)}, ${shown ? STATUS_WORDS[shown.status] : 'unknown'}`}
          onChange={({ target }) => {
            const next = Number(target.value);
            onChoose(next >= now ? null : next);
          }}
        />
      </div>
    </div>
  );
}

function StateSentence(props: {
  readonly state: Pick<Period, 'status' | 'cause' | 'attempt'> | undefined;
  readonly moment: number | null;
  readonly onBack: () => void;
}): JSX.Element {
  const { state, moment, onBack } = props;
  return (
    <p className="state">
      {state ? <StatusWord status={state.status} /> : <span>Not recorded</span>}
      {moment === null ? (
        <span className="note">now</span>
      ) : (
        <>
          <time>{describeTime(moment)}</time>
          <button
            type="button"
            onClick={(event) => {
              focusPanel(event);
              onBack();
            }}
          >
            Back to now
          </button>
        </>
      )}
      {state && state.attempt > 0 && <span>attempt {state.attempt}</span>}
      {state?.cause && <span className="cause">{show(describeCause(state.cause))}</span>}
    </p>
  );
}

/** The periods as coloured parts of a strip. The slider on it tells them to screen readers. */
function Strip(props: {
  readonly periods: readonly Period[];
  readonly start: number;
  readonly end: number;
}): JSX.Element {
  const { periods, start, end } = props;
  return (
    <div className="periods" aria-hidden="true">
      {periods.map(({ from, to, status }, n) => (
        <span
          // oxlint-disable-next-line react/no-array-index-key -- two states may begin at the same time
          key={n}
          data-was={status}
          title={STATUS_WORDS[status]}
          style={{
            left: `${(100 * (from - start)) / (end - start)}%`,
            width: `${(100 * (to - from)) / (end - start)}%`,
          }}
        />
      ))}
    </div>
  );
}
