'use client';

import type { JSX } from 'react';
import { useSyncExternalStore } from 'react';
import type { Recording } from '../recorder/types.ts';
import { StatusWord } from './status-word.tsx';
import { nameOf } from './words.ts';

interface ConnectionListProps {
  readonly list: readonly Recording[];
  readonly chosen: Recording;
  readonly onChoose: (id: number) => void;
}

/** The connections of the page, of which one is chosen. */
export function ConnectionList({ list, chosen, onChoose }: ConnectionListProps): JSX.Element {
  return (
    <nav className="connections" aria-label="Connections">
      <ul>
        {list.map((recording) => (
          <li key={recording.id}>
            <button
              type="button"
              aria-current={recording === chosen}
              onClick={() => onChoose(recording.id)}
            >
              <span className="connection-name">{nameOf(recording)}</span>
              <ConnectionStatus recording={recording} />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function ConnectionStatus({
  recording: { connection },
}: {
  readonly recording: Recording;
}): JSX.Element {
  return (
    <StatusWord
      status={useSyncExternalStore(connection.subscribe, connection.getSnapshot).status}
    />
  );
}
