import { isHidden, listenToGlobal } from './environment.ts';

/**
 * A signal of the network or the page. `online` and `offline`: the network came or went. `visible`: the page is shown
 * again, or resumes after it was frozen. `pagehide`: the page enters the back/forward cache. `pageshow`: it leaves the
 * cache, or a page that was prerendered is shown.
 */
export type Signal = 'online' | 'offline' | 'visible' | 'pagehide' | 'pageshow';

/** A source of signals: calls the listener for each signal, until the returned function is called. */
export type Signals = (listener: (signal: Signal) => void) => () => void;

const SIGNALS: Record<string, Signal> = {
  online: 'online',
  offline: 'offline',
  pagehide: 'pagehide',
  pageshow: 'pageshow',
  prerenderingchange: 'pageshow',
  visibilitychange: 'visible',
  resume: 'visible',
};

/** The signals of a page; in a worker, `online` and `offline`. Where the global object has no events, there are none. */
export const browserSignals: Signals = (listener) => {
  let isLeaving = false;
  const handle = ({ type, persisted = true }: Event & { persisted?: boolean }) => {
    const signal = SIGNALS[type];
    if (!signal || !persisted) return;
    // Listeners of the page for `pagehide` that come after this one may send a farewell. So the link ends at the next event,
    // which hides the page in the same task, unless the page was hidden before.
    const waits = signal === 'pagehide' && !isHidden();
    if (isLeaving) listener('pagehide');
    isLeaving = waits;
    if (!waits && !(signal === 'visible' && isHidden())) listener(signal);
  };
  return listenToGlobal(Object.keys(SIGNALS), handle);
};
