/**
 * What the environment says about the network and the page: `online`, `offline`; `visible` when the page is shown
 * again or resumes; `pagehide` and `pageshow` when it enters and leaves the back/forward cache.
 */
export type Signal = 'online' | 'offline' | 'visible' | 'pagehide' | 'pageshow';

/** Tells a listener of each signal until the returned function is called. */
export type Signals = (listener: (signal: Signal) => void) => () => void;

/** The browser's signals. Where there is no page, there are none. */
export const browserSignals: Signals = (listener) => {
  const listening = new AbortController();
  const hear = (target: EventTarget, type: string, toSignal: (event: Event) => Signal | false) =>
    target.addEventListener(
      type,
      (event) => {
        const signal = toSignal(event);
        if (signal) listener(signal);
      },
      listening,
    );

  // React Native has a window, but none that listens.
  if (typeof window !== 'undefined' && typeof document !== 'undefined') {
    for (const type of ['online', 'offline'] as const) hear(window, type, () => type);
    for (const type of ['pagehide', 'pageshow'] as const)
      hear(window, type, (event) => (event as PageTransitionEvent).persisted && type);
    hear(document, 'visibilitychange', () => !document.hidden && 'visible');
    hear(document, 'resume', () => 'visible');
  }
  return () => listening.abort();
};
