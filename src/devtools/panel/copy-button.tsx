'use client';

import type { JSX } from 'react';
import { useState } from 'react';

interface CopyButtonProps {
  readonly name: string;
  readonly text: () => string;
}

const RESULTS = { copied: 'Copied', refused: 'The browser does not let the page copy' };

/** A button that copies a text, and tells whether that worked. */
export function CopyButton({ name, text }: CopyButtonProps): JSX.Element {
  const [result, setResult] = useState<keyof typeof RESULTS>();
  const copy = async () => {
    try {
      // A page without https has no clipboard.
      await navigator.clipboard.writeText(text());
      setResult('copied');
    } catch {
      setResult('refused');
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {name}
      </button>
      <output className="note">{result && RESULTS[result]}</output>
    </>
  );
}
