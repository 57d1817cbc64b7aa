'use client';

import type { JSX } from 'react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { Entry, FrameEntry, Recording } from '../recorder/types.ts';
import { FrameDetails } from './frame-details.tsx';
import { FrameFilters } from './frame-filters.tsx';
import { List } from './list.tsx';
import { RecordingButtons } from './recording-buttons.tsx';
import { ALL_FRAMES, filterFrames } from './select.ts';
import { describeSize, describeTime, describeValue } from './words.ts';

/** A row has room for no more letters, and a frame may have millions. */
const SHOWN_LETTERS = 300;

interface FramesProps {
  readonly recording: Recording;
  readonly entries: readonly Entry[];
  /** The heartbeats that the server did not answer. */
  readonly unanswered: ReadonlySet<Entry>;
}

/** The frames of a connection in both directions. */
export function Frames({ recording, entries, unanswered }: FramesProps): JSX.Element {
  const [filter, setFilter] = useState(ALL_FRAMES);
  const [chosen, choose] = useState<FrameEntry | null>(null);
  // Typing stays quick while many frames are searched.
  const settled = useDeferredValue(filter);
  const frames = useMemo(() => filterFrames(entries, settled), [entries, settled]);
  return (
    <div className="frames">
      <div className="tools">
        <FrameFilters filter={filter} onChange={setFilter} />
        <RecordingButtons recording={recording} frames={frames} />
      </div>
      <div className="list-and-details">
        {frames.length === 0 ? (
          <p className="empty">
            {filter === ALL_FRAMES ? 'No frame yet.' : 'No frame fits the filter.'}
          </p>
        ) : (
          <List
            name="Frames"
            items={frames}
            chosen={chosen}
            onChoose={choose}
            renderRow={(frame) => <FrameRow frame={frame} isUnanswered={unanswered.has(frame)} />}
          />
        )}
        {chosen && <FrameDetails frame={chosen} onClose={() => choose(null)} />}
      </div>
    </div>
  );
}

function FrameRow(props: {
  readonly frame: FrameEntry;
  readonly isUnanswered: boolean;
}): JSX.Element {
  const { frame, isUnanswered } = props;
  const { at, way, kind, size, data, decoded, error, isLost } = frame;
  return (
    <span className="frame-row" data-way={way} data-bad={error !== undefined || isUnanswered}>
      <time>{describeTime(at)}</time> <span className="way">{way}</span>{' '}
      <span className="kind">{kind}</span> <span className="size">{describeSize(size)}</span>{' '}
      <span className="value">
        {error !== undefined && <strong>Not decoded: {error} </strong>}
        {isLost && <strong>Lost </strong>}
        {isUnanswered && <strong>No answer </strong>}
        {describeValue(decoded ?? data).slice(0, SHOWN_LETTERS)}
      </span>
    </span>
  );
}
