'use client';

import type { JSX } from 'react';
import { useState } from 'react';
import type { Recordings } from '../recorder/types.ts';
import { Mark } from './mark.tsx';
import { Panel } from './panel.tsx';
import { useFocusAtFirst } from './use-focus-at-first.ts';

interface DevtoolsProps {
  readonly recordings: Recordings;
  readonly initialIsOpen: boolean;
  readonly buttonPosition: string;
}

/** The button in a corner, or the panel that it opens. */
export function Devtools({
  recordings,
  initialIsOpen,
  buttonPosition,
}: DevtoolsProps): JSX.Element {
  const [isOpen, setIsOpen] = useState(initialIsOpen);
  // The focus follows who opens and closes it, and stays with the app at the start.
  const [isTouched, setIsTouched] = useState(false);
  const turn = (next: boolean) => {
    setIsTouched(true);
    setIsOpen(next);
  };
  return isOpen ? (
    <Panel recordings={recordings} takesFocus={isTouched} onClose={() => turn(false)} />
  ) : (
    <OpenButton position={buttonPosition} takesFocus={isTouched} onOpen={() => turn(true)} />
  );
}

function OpenButton(props: {
  readonly position: string;
  readonly takesFocus: boolean;
  readonly onOpen: () => void;
}): JSX.Element {
  const { position, takesFocus, onOpen } = props;
  return (
    <button
      ref={useFocusAtFirst<HTMLButtonElement>(takesFocus)}
      type="button"
      className="open-button"
      data-position={position}
      aria-label="Open the WebSocket devtools"
      title="Open the WebSocket devtools"
      onClick={onOpen}
    >
      <Mark />
    </button>
  );
}
