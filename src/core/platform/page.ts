/** Whether the page is hidden: its timers then fire only once a second, and after minutes only once a minute. */
export const isPageHidden = (): boolean => globalThis.document?.hidden;

/** Whether a `pagehide` listener is running: the page is being left, perhaps for the back/forward cache. */
// oxlint-disable-next-line typescript/no-deprecated -- nothing else tells it without listening all the time
export const isPageBeingLeft = (): boolean => globalThis.event?.type === 'pagehide';
