'use client';

import type { RefObject } from 'react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Rows that are drawn beyond each edge, so that a fast scroll finds them. */
const SPARE = 4;

/** What is drawn where nothing is laid out, as in a test. */
const UNKNOWN_HEIGHT = 400;

/** The rows that a list draws, of all that it has. */
export interface Rows {
  /** For the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onScroll: () => void;
  readonly from: number;
  readonly to: number;
  /** How many rows are drawn at most. It changes only with the height of the list. */
  readonly most: number;
  /** Scrolls as far as is needed to see a row. */
  show(row: number): void;
}

/** Draws only the rows that are seen. All have the same height. While `isFollowing`, a list that is at its end stays there. */
export function useRows(length: number, rowHeight: number, isFollowing: boolean): Rows {
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(UNKNOWN_HEIGHT);
  /** How far it is scrolled; at its end, which moves, `Infinity`. */
  const [top, setTop] = useState(Infinity);

  const look = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - rowHeight;
    setTop(isFollowing && isAtEnd ? Infinity : scrollTop);
    setHeight(clientHeight || UNKNOWN_HEIGHT);
  }, [rowHeight, isFollowing]);

  useLayoutEffect(look, [look]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && top === Infinity) element.scrollTop = length * rowHeight;
  }, [length, rowHeight, top]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !('ResizeObserver' in globalThis)) return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [look]);

  // A list that became shorter is no longer scrolled so far.
  const seen = Math.max(0, Math.min(top, length * rowHeight - height));
  const from = Math.max(0, Math.floor(seen / rowHeight) - SPARE);
  const most = Math.ceil(height / rowHeight) + 1 + 2 * SPARE;
  return {
    scroller,
    onScroll: look,
    from,
    to: Math.min(length, from + most),
    most,
    show(row) {
      const element = scroller.current;
      if (!element) return;
      const start = row * rowHeight;
      const lowest = start + rowHeight - element.clientHeight;
      element.scrollTop = Math.max(lowest, Math.min(start, element.scrollTop));
    },
  };
}
