'use client';

import type { JSX } from 'react';
import type { FrameEntry } from '../recorder/types.ts';
import { CopyButton } from './copy-button.tsx';
import { Scroller } from './scroller.tsx';
import { describeFrame, describeSize, describeTime, describeValue, framesToJson } from './words.ts';

interface FrameDetailsProps {
  readonly frame: FrameEntry;
  readonly onClose: () => void;
}

/** All about one frame. */
export function FrameDetails({ frame, onClose }: FrameDetailsProps): JSX.Element {
  const { at, way, kind, size, data, decoded, error } = frame;
  return (
    <Scroller name="Frame" className="details">
      <div className="tools">
        <span>
          {kind}, {way}, {describeTime(at)}, {describeSize(size)}
        </span>
        <span className="buttons">
          <CopyButton name="Copy" text={() => framesToJson([frame])} />
          <button
            type="button"
            className="icon-button"
            aria-label="Close the frame"
            onClick={onClose}
          >
            <span aria-hidden="true">×</span>
          </button>
        </span>
      </div>
      {error !== undefined && <p className="bad">Not decoded: {error}</p>}
      {decoded !== undefined && (
        <>
          <h3>Decoded</h3>
          <pre>{describeValue(decoded, 2)}</pre>
        </>
      )}
      <h3>As sent</h3>
      <pre>{describeFrame(data)}</pre>
    </Scroller>
  );
}
