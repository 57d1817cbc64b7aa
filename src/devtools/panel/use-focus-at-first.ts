'use client';

import type { RefObject } from 'react';
import { useEffect, useRef } from 'react';

/** Returns the ref for an element that takes the focus when it appears, if it should. */
export function useFocusAtFirst<Found extends HTMLElement>(
  takesFocus: boolean,
): RefObject<Found | null> {
  const element = useRef<Found>(null);
  useEffect(() => {
    if (takesFocus) element.current?.focus();
  }, [takesFocus]);
  return element;
}
