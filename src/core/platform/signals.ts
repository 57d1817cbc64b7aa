/**
 * What the environment says about the network and the page: `online`, `offline`; `visible` when the page is shown
 * again or resumes; `pagehide` and `pageshow` when it enters and leaves the back/forward cache.
 */
export type Signal = 'online' | 'offline' | 'visible' | 'pagehide' | 'pageshow';

/** Tells a listener of each signal until the returned function is called. */
export type Signals = (listener: (signal: Signal) => void) => () => void;

const SIGNALS: Record<string, Signal> = {
  online: 'online',
  offline: 'offline',
  pagehide: 'pagehide',
  pageshow: 'pageshow',
  visibilitychange: 'visible',
  resume: 'visible',
};

/** The browser's signals. Where there is no page, there are none. */
export const browserSignals: Signals = (listener) => {
  const hear = ({ type, persisted = true }: Event & { persisted?: boolean }) => {
    const signal = SIGNALS[type];
    if (signal && persisted && !(signal === 'visible' && document.hidden)) listener(signal);
  };
  const listen = (method: 'addEventListener' | 'removeEventListener') => {
    // Capturing, the window hears those of the document too. React Native has neither.
    if (typeof document === 'object') for (const type in SIGNALS) window[method](type, hear, true);
  };
  listen('addEventListener');
  return () => listen('removeEventListener');
};
