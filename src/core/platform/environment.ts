/**
 * What the environment can do: a page, a worker, React Native, Node. Each is asked for by itself, because none follows from
 * another: React Native has a `window` without events, and a worker has events without a document.
 */

/**
 * Listens to events of the page or the worker, those of the document included, until the returned function is called. Does
 * nothing where the global object has no events.
 */
export function listenToGlobal(
  types: Iterable<string>,
  listener: (event: Event) => void,
): () => void {
  for (const type of types) globalThis.addEventListener?.(type, listener, true);
  return () => {
    for (const type of types) globalThis.removeEventListener?.(type, listener, true);
  };
}

/** Whether this is a page that is not shown. Its timers fire only once a second, and after minutes only once a minute. */
export const isHidden = (): boolean => globalThis.document?.hidden;

/** Whether a `pagehide` listener is running: the page is being left, perhaps for the back/forward cache. */
// oxlint-disable-next-line typescript/no-deprecated -- nothing else tells it without listening all the time
export const isPageBeingLeft = (): boolean => globalThis.event?.type === 'pagehide';

/** Whether the page is rendered before the user has asked for it. Only Chromium does that. */
export const isPrerendering = (): boolean =>
  (globalThis.document as unknown as { prerendering: boolean })?.prerendering;

/** Returns the url that relative urls refer to: that of the page or the worker. */
export const baseUrl = (): string | undefined =>
  globalThis.document?.baseURI ?? globalThis.location?.href;
