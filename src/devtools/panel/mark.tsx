'use client';

import type { JSX } from 'react';

/** The mark of the library: a line of life. */
export function Mark(): JSX.Element {
  return (
    <svg width="26" height="16" viewBox="0 0 26 16" fill="none" aria-hidden="true">
      <path
        d="M1 9h6l2.5-7 4 12 3-8 1.5 3h7"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
