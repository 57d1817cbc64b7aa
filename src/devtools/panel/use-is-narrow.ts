'use client';

import { useSyncExternalStore } from 'react';

/** The width up to which a window is narrow, in pixels, as in the styles. */
const NARROW = 700;

/** Whether the window has no room for columns side by side. */
export const isNarrow = (): boolean => innerWidth <= NARROW;

function subscribe(listener: () => void): () => void {
  addEventListener('resize', listener);
  return () => removeEventListener('resize', listener);
}

/** Returns {@link isNarrow}, also after the window has changed. */
export const useIsNarrow = (): boolean => useSyncExternalStore(subscribe, isNarrow);
