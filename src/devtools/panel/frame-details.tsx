'use client';

import type { JSX, ReactNode } from 'react';
import type { FrameEntry } from '../recorder/types.ts';
import { CopyButton } from './copy-button.tsx';
import { focusPanel } from './focus-panel.ts';
import { LongText } from './long-text.tsx';
import type { EventEntry, Row } from './rows.ts';
import { describeEvent, kindOf, rowsToJson } from './rows.ts';
import { Scroller } from './scroller.tsx';
import { describeSize, describeTime, describeValue, show } from './words.ts';

interface FrameDetailsProps {
  readonly frame: FrameEntry;
  readonly onClose: () => void;
}

/** All about one frame. */
export function FrameDetails({ frame, onClose }: FrameDetailsProps): JSX.Element {
  const { at, way, kind, size, data, decoded, error } = frame;
  return (
    <Scroller name="Frame" className="details">
      <Head row={frame} onClose={onClose}>
        {kind}, {way}, {describeTime(at)}, {describeSize(size)}
      </Head>
      {error !== undefined && <p className="bad">Not decoded: {show(error)}</p>}
      {decoded !== undefined && (
        <>
          <h3>Decoded</h3>
          <LongText text={describeValue(decoded, 2)} />
        </>
      )}
      <h3>{way === 'in' ? 'As received' : 'As sent'}</h3>
      <LongText text={describeValue(data)} />
    </Scroller>
  );
}

interface EventDetailsProps {
  readonly event: EventEntry;
  readonly onClose: () => void;
}

/** All about what happened between frames. */
export function EventDetails({ event, onClose }: EventDetailsProps): JSX.Element {
  return (
    <Scroller name="Event" className="details">
      <Head row={event} onClose={onClose}>
        {kindOf(event)}, {describeTime(event.at)}
      </Head>
      <p>{show(describeEvent(event))}</p>
    </Scroller>
  );
}

function Head(props: {
  readonly row: Row;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): JSX.Element {
  const { row, onClose, children } = props;
  return (
    <div className="tools">
      <span>{children}</span>
      <span className="buttons">
        <CopyButton name="Copy" text={() => rowsToJson([row])} />
        <button
          type="button"
          className="icon-button"
          aria-label="Close the details"
          onClick={(event) => {
            focusPanel(event);
            onClose();
          }}
        >
          <span aria-hidden="true">×</span>
        </button>
      </span>
    </div>
  );
}
