'use client';

import type { JSX } from 'react';
import { show } from './words.ts';

/** How many letters are shown. Browsers take seconds to lay out millions. */
const SHOWN_LETTERS = 100_000;

/** A text that may be very long, of which the beginning is shown. */
export function LongText({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      <pre>{show(text, SHOWN_LETTERS)}</pre>
      {text.length > SHOWN_LETTERS && (
        <p className="note">
          {`The first ${SHOWN_LETTERS.toLocaleString('en')} of ${text.length.toLocaleString('en')} letters.`}
        </p>
      )}
    </>
  );
}
