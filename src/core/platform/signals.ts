import { isPageHidden } from './page.ts';

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

/** The signals of the browser. Outside a browser there are none. */
export const browserSignals: Signals = (listener) => {
  let last: Signal | undefined;
  const handle = ({ type, persisted = true }: Event & { persisted?: boolean }) => {
    const signal = SIGNALS[type];
    if (!signal || !persisted) return;
    const previous = last;
    last = signal;
    // The page may send a farewell in listeners for `pagehide` that come after this one. So the link ends at the event that
    // hides the page, which follows in the same task unless the page was hidden before.
    if (signal === 'pagehide' ? isPageHidden() : signal !== 'visible' || !isPageHidden())
      listener(signal);
    else if (previous === 'pagehide') listener(previous);
  };
  const listen = (method: 'addEventListener' | 'removeEventListener') => {
    // With capturing, the window also gets the events of the document. React Native has no document.
    if (typeof document === 'object')
      for (const type in SIGNALS) window[method](type, handle, true);
  };
  listen('addEventListener');
  return () => listen('removeEventListener');
};

/** Whether the page is rendered before the user has asked for it. Only Chromium does that. */
export const isPrerendering = (): boolean =>
  (globalThis.document as { prerendering?: boolean } | undefined)?.prerendering === true;
