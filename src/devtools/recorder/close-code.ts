/** Those that no close frame has: they are reserved, or a browser makes them up itself (RFC 6455, 7.4.1). */
const NEVER_SENT = [1004, 1005, 1006, 1015];

/** Whether a server can close a link with this code. */
export const isCloseCode = (code: number): boolean =>
  Number.isInteger(code) && code >= 1000 && code <= 4999 && !NEVER_SENT.includes(code);
