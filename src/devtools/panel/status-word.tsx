'use client';

import type { JSX } from 'react';
import type { Status } from '../../core/machine/snapshot.ts';
import { STATUS_WORDS } from './words.ts';

/** A status as a word with a colour. */
export function StatusWord({ status }: { readonly status: Status }): JSX.Element {
  return (
    <span className="status" data-status={status}>
      <span className="dot" aria-hidden="true" />
      {STATUS_WORDS[status]}
    </span>
  );
}
