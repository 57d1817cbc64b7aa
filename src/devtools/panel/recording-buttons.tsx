'use client';

import type { JSX } from 'react';
import type { Recording } from '../recorder/types.ts';
import { CopyButton } from './copy-button.tsx';
import type { Row } from './rows.ts';
import { rowsToJson } from './rows.ts';
import { saveFile } from './save-file.ts';

interface RecordingButtonsProps {
  readonly recording: Recording;
  /** The rows that are shown. */
  readonly rows: readonly Row[];
}

/** What can be done with a recording. */
export function RecordingButtons({ recording, rows }: RecordingButtonsProps): JSX.Element {
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
      <CopyButton name="Copy as JSON" text={() => rowsToJson(rows)} />
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
