'use client';

import type { JSX } from 'react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { Entry, FrameEntry, Recording } from '../recorder/types.ts';
import { EventDetails, FrameDetails } from './frame-details.tsx';
import { FrameFilters } from './frame-filters.tsx';
import { List } from './list.tsx';
import { RecordingButtons } from './recording-buttons.tsx';
import type { EventEntry, Row } from './rows.ts';
import { describeEvent, kindOf } from './rows.ts';
import type { RowFilter } from './select.ts';
import { ALL_ROWS, filterRows } from './select.ts';
import { describeFrameValue, describeSize, describeTime, ROW_LETTERS, show } from './words.ts';

interface FramesProps {
  readonly recording: Recording;
  readonly entries: readonly Entry[];
  /** The heartbeats that the server did not answer. */
  readonly unanswered: ReadonlySet<Entry>;
  readonly filter: RowFilter;
  readonly onFilter: (filter: RowFilter) => void;
}

/** The frames of a connection in both directions, and between them what explains them: states, faults, signals. */
export function Frames(props: FramesProps): JSX.Element {
  const { recording, entries, unanswered, filter, onFilter } = props;
  const [chosen, choose] = useState<Row | null>(null);
  // Typing stays quick while many frames are searched.
  const settled = useDeferredValue(filter);
  const rows = useMemo(() => filterRows(entries, settled), [entries, settled]);
  return (
    <div className="frames">
      <div className="tools">
        <FrameFilters filter={filter} onChange={onFilter} />
        <RecordingButtons recording={recording} rows={rows} />
      </div>
      <div className="list-and-details">
        {rows.length === 0 ? (
          <p className="empty">
            {filter === ALL_ROWS ? 'Nothing yet.' : 'Nothing fits the filter.'}
          </p>
        ) : (
          <List
            name="Frames"
            items={rows}
            chosen={chosen}
            onChoose={choose}
            renderRow={(row) =>
              row.type === 'frame' ? (
                <FrameRow frame={row} isUnanswered={unanswered.has(row)} />
              ) : (
                <EventRow event={row} />
              )
            }
          />
        )}
        {chosen?.type === 'frame' && <FrameDetails frame={chosen} onClose={() => choose(null)} />}
        {chosen && chosen.type !== 'frame' && (
          <EventDetails event={chosen} onClose={() => choose(null)} />
        )}
      </div>
    </div>
  );
}

function FrameRow(props: {
  readonly frame: FrameEntry;
  readonly isUnanswered: boolean;
}): JSX.Element {
  const { frame, isUnanswered } = props;
  const { at, way, kind, size, error, isLost } = frame;
  return (
    <span className="frame-row" data-way={way} data-bad={error !== undefined || isUnanswered}>
      <time>{describeTime(at)}</time> <span className="way">{way}</span>{' '}
      <span className="kind">{kind}</span> <span className="size">{describeSize(size)}</span>{' '}
      <span className="value">
        {error !== undefined && <strong>Not decoded: {show(error, ROW_LETTERS)} </strong>}
        {isLost && <strong>Lost </strong>}
        {isUnanswered && <strong>No answer </strong>}
        {show(describeFrameValue(frame), ROW_LETTERS)}
      </span>
    </span>
  );
}

function EventRow({ event }: { readonly event: EventEntry }): JSX.Element {
  const kind = kindOf(event);
  return (
    <span className="frame-row event" data-kind={kind}>
      <time>{describeTime(event.at)}</time> <span className="way" />{' '}
      <span className="kind">{kind}</span> <span className="size" />{' '}
      <span className="value">{show(describeEvent(event), ROW_LETTERS)}</span>
    </span>
  );
}
