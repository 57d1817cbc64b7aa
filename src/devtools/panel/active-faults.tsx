'use client';

import type { JSX } from 'react';
import type { Damage } from '../recorder/types.ts';
import { focusPanel } from './focus-panel.ts';

/** Tells which faults are active, on every tab, and takes them back. */
export function ActiveFaults({ damage }: { readonly damage: Damage }): JSX.Element {
  const { active } = damage;
  return (
    <output className="active-faults" data-empty={active.length === 0}>
      {active.length > 0 && (
        <>
          <span>
            Active faults: <strong>{active.join(', ')}</strong>
          </span>
          <button
            type="button"
            onClick={(event) => {
              focusPanel(event);
              damage.restore();
            }}
          >
            End all
          </button>
        </>
      )}
    </output>
  );
}
