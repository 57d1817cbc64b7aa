'use client';

import { useEffect, useState } from 'react';

/** When a window is narrow: its width, in the pixels of styles. */
export const NARROW = '(max-width: 700px)';

/** In a test, the page may have no media queries: jsdom has none. */
const query = () => globalThis.matchMedia?.(NARROW);

/** Whether the window has no room for columns side by side. */
export const isNarrow = (): boolean => query()?.matches ?? false;

/** Returns {@link isNarrow}, also after the window has changed. It is not read in each render: that makes the browser lay out the page. */
export function useIsNarrow(): boolean {
  const [is, setIs] = useState(isNarrow);
  useEffect(() => {
    const list = query();
    const look = () => setIs(isNarrow());
    list?.addEventListener('change', look);
    return () => list?.removeEventListener('change', look);
  }, []);
  return is;
}
