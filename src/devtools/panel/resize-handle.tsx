'use client';

import type { JSX, PointerEvent } from 'react';

const STEP = 0.05;
const SMALLEST = 0.2;
const LARGEST = 0.95;

interface ResizeHandleProps {
  /** The share of the window's height that the panel has. */
  readonly share: number;
  readonly onResize: (share: number) => void;
}

/** The upper edge of the panel, to be dragged, or moved with the arrow keys. */
export function ResizeHandle({ share, onResize }: ResizeHandleProps): JSX.Element {
  const resize = (next: number) => onResize(Math.min(LARGEST, Math.max(SMALLEST, next)));
  const drag = ({ currentTarget, pointerId, clientY }: PointerEvent) => {
    if (currentTarget.hasPointerCapture(pointerId)) resize(1 - clientY / innerHeight);
  };
  return (
    <div
      className="resize-handle"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- this one can be moved, an <hr> cannot
      role="separator"
      tabIndex={0}
      aria-label="Height of the panel"
      aria-orientation="horizontal"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={SMALLEST * 100}
      aria-valuemax={LARGEST * 100}
      onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
      onPointerMove={drag}
      onKeyDown={({ key }) => {
        if (key === 'ArrowUp') resize(share + STEP);
        if (key === 'ArrowDown') resize(share - STEP);
      }}
    />
  );
}
