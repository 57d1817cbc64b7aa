'use client';

import { useEffect, useState } from 'react';

/** The width up to which a window is narrow, in pixels, as in the styles. */
const NARROW = 700;

/** Whether the window has no room for columns side by side. */
export const isNarrow = (): boolean => innerWidth <= NARROW;

/** Returns {@link isNarrow}, also after the window has changed. It is not read in each render: that makes the browser lay out the page. */
export function useIsNarrow(): boolean {
  const [is, setIs] = useState(isNarrow);
  useEffect(() => {
    const look = () => setIs(isNarrow());
    addEventListener('resize', look);
    return () => removeEventListener('resize', look);
  }, []);
  return is;
}
