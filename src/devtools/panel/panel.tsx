'use client';

import type { JSX } from 'react';
import { useState } from 'react';
import type { Recordings } from '../recorder/types.ts';
import { ConnectionList } from './connection-list.tsx';
import { ConnectionView } from './connection-view.tsx';
import { Mark } from './mark.tsx';
import { ResizeHandle } from './resize-handle.tsx';
import { useFocusAtFirst } from './use-focus-at-first.ts';
import { isNarrow } from './use-is-narrow.ts';
import { useUpdates } from './use-updates.ts';

interface PanelProps {
  readonly recordings: Recordings;
  readonly takesFocus: boolean;
  readonly onClose: () => void;
}

/** The share of the window's height that the panel has at first. On a narrow screen, lines are longer than it. */
const HEIGHT = { wide: 0.55, narrow: 0.9 };

/** The open panel at the bottom of the page. */
export function Panel({ recordings, takesFocus, onClose }: PanelProps): JSX.Element {
  useUpdates(recordings.subscribe);
  const list = recordings.list();
  const [chosenId, choose] = useState<number>();
  const [height, setHeight] = useState(isNarrow() ? HEIGHT.narrow : HEIGHT.wide);
  const chosen = list.find(({ id }) => id === chosenId) ?? list.at(-1);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it, wherever the focus is
    <section
      className="panel"
      tabIndex={-1}
      aria-label="WebSocket devtools"
      style={{ height: `${height * 100}%` }}
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose();
      }}
    >
      <ResizeHandle share={height} onResize={setHeight} />
      <header className="panel-head">
        <h2>
          <Mark />
          react-lifeline
        </h2>
        <button
          ref={useFocusAtFirst<HTMLButtonElement>(takesFocus)}
          type="button"
          className="icon-button"
          aria-label="Close the WebSocket devtools"
          title="Close (Escape)"
          onClick={onClose}
        >
          <span aria-hidden="true">×</span>
        </button>
      </header>
      {chosen ? (
        <div className="panel-body">
          <ConnectionList list={list} chosen={chosen} onChoose={choose} />
          <ConnectionView key={chosen.id} recording={chosen} />
        </div>
      ) : (
        <p className="empty">
          There is no connection yet. It appears here when a component of the page makes one.
        </p>
      )}
    </section>
  );
}
