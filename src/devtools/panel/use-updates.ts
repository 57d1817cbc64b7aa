'use client';

import { useEffect, useReducer } from 'react';

/** How often the panel renders at most, in milliseconds. Nobody reads faster, and the app shall not pay for it. */
const PACE = 200;

/** Renders the component after changes of what it reads. `subscribe` must keep its identity. */
export function useUpdates(subscribe: (listener: () => void) => () => void): void {
  const [, update] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const request = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        update();
      }, PACE);
    };
    const stop = subscribe(request);
    // Something may have changed since the render.
    request();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [subscribe]);
}
