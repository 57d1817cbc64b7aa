'use client';

import { useEffect, useReducer } from 'react';
import { flushSync } from 'react-dom';

/** How often the panel renders at most, in milliseconds. Nobody reads faster. */
const PACE = 200;

/** The longest pause between two renders while much happens, in milliseconds. */
const LONGEST = 1_000;

/** How much longer than a render the pause after it is, so that the app keeps its time. */
const REST = 100;

/** Renders the component after changes of what it reads, and never while the page is hidden. `subscribe` must keep its identity. */
export function useUpdates(subscribe: (listener: () => void) => () => void): void {
  const [, update] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame: number | undefined;
    let next = performance.now() + PACE;

    function render(): void {
      timer = undefined;
      const start = performance.now();
      flushSync(update);
      const took = performance.now() - start;
      next = start + Math.min(LONGEST, Math.max(PACE, took * REST));
    }

    const request = () => {
      timer ??= setTimeout(() => {
        frame = requestAnimationFrame(render);
      }, next - performance.now());
    };
    const stop = subscribe(request);
    // Something may have changed since the render.
    request();
    return () => {
      stop();
      clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [subscribe]);
}
