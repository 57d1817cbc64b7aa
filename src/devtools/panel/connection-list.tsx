'use client';

import type { JSX } from 'react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
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
          <ConnectionItem
            key={recording.id}
            recording={recording}
            isChosen={recording === chosen}
            onChoose={onChoose}
          />
        ))}
      </ul>
    </nav>
  );
}

function ConnectionItem(props: {
  readonly recording: Recording;
  readonly isChosen: boolean;
  readonly onChoose: (id: number) => void;
}): JSX.Element {
  const { recording, isChosen, onChoose } = props;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isChosen && button.current) scrollToButton(button.current);
  }, [isChosen]);
  const name = nameOf(recording);
  return (
    <li>
      <button
        ref={button}
        type="button"
        aria-current={isChosen}
        title={name}
        onClick={() => onChoose(recording.id)}
      >
        <span className="connection-name">{name}</span>
        <ConnectionStatus recording={recording} />
      </button>
    </li>
  );
}

/** Scrolls the list, and nothing else: scrollIntoView() would scroll a page around an <iframe>, too. */
function scrollToButton(button: HTMLElement): void {
  const list = button.closest('nav') as HTMLElement;
  const [inner, outer] = [button.getBoundingClientRect(), list.getBoundingClientRect()];
  list.scrollTop += Math.min(0, inner.top - outer.top) + Math.max(0, inner.bottom - outer.bottom);
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
