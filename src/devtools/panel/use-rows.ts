'use client';

import type { RefObject } from 'react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Rows that are drawn beyond each edge, so that a fast scroll finds them. */
const SPARE = 8;

/** What is drawn where nothing is laid out, as in a test. */
const UNKNOWN_HEIGHT = 400;

/** The rows that a list draws, of all that it has. */
export interface Rows {
  /** For the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onScroll: () => void;
  readonly from: number;
  readonly to: number;
  /** Scrolls as far as is needed to see a row. */
  show(row: number): void;
}

/** Draws only the rows that are seen. All have the same height. While `isFollowing`, a list that is at its end stays there. */
export function useRows(length: number, rowHeight: number, isFollowing: boolean): Rows {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [seen, setSeen] = useState({ top: 0, height: UNKNOWN_HEIGHT });

  const look = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    isAtEnd.current = scrollTop + clientHeight >= scrollHeight - rowHeight;
    setSeen({ top: scrollTop, height: clientHeight || UNKNOWN_HEIGHT });
  }, [rowHeight]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && isFollowing && isAtEnd.current) element.scrollTop = length * rowHeight;
  }, [length, rowHeight, isFollowing]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !('ResizeObserver' in globalThis)) return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [look]);

  // A list that became shorter is no longer scrolled so far.
  const last = Math.ceil((seen.top + seen.height) / rowHeight);
  const first = Math.floor(Math.min(seen.top, length * rowHeight - seen.height) / rowHeight);
  return {
    scroller,
    onScroll: look,
    from: Math.max(0, first - SPARE),
    to: Math.min(length, last + SPARE),
    show(row) {
      const element = scroller.current;
      if (!element) return;
      const top = row * rowHeight;
      const lowest = top + rowHeight - element.clientHeight;
      element.scrollTop = Math.max(lowest, Math.min(top, element.scrollTop));
    },
  };
}
