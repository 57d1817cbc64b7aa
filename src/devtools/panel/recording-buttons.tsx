'use client';

import type { JSX } from 'react';
import type { FrameEntry, Recording } from '../recorder/types.ts';
import { CopyButton } from './copy-button.tsx';
import { saveFile } from './save-file.ts';
import { framesToJson } from './words.ts';

interface RecordingButtonsProps {
  readonly recording: Recording;
  /** The frames that are shown. */
  readonly frames: readonly FrameEntry[];
}

/** What can be done with a recording. */
export function RecordingButtons({ recording, frames }: RecordingButtonsProps): JSX.Element {
  const { isPaused } = recording;
  return (
    <span className="buttons">
      <button
        type="button"
        aria-pressed={isPaused}
        onClick={() => (isPaused ? recording.resume() : recording.pause())}
      >
        Pause
      </button>
      <button type="button" onClick={() => recording.clear()}>
        Clear
      </button>
      <CopyButton name="Copy as JSON" text={() => framesToJson(frames)} />
      <button
        type="button"
        title="A file that createTestServer().replay() of react-lifeline/testing plays back"
        onClick={() =>
          saveFile(
            `connection-${new Date().toISOString().replaceAll(':', '-')}.json`,
            recording.export(),
          )
        }
      >
        Export
      </button>
    </span>
  );
}
