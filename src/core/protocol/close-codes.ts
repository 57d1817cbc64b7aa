/**
 * Close codes after which the same attempt would only fail again: protocol error, unsupported data, invalid
 * payload, message too big, mandatory extension (RFC 6455, section 7.4.1).
 */
export const HOPELESS_CODES: readonly number[] = [1002, 1003, 1007, 1009, 1010];

/**
 * Close codes that may be mended by fresh credentials: policy violation (RFC 6455) and, in the private range,
 * 4401 (not authenticated) and 4403 (not allowed), after the HTTP statuses.
 */
export const REFUSAL_CODES: readonly number[] = [1008, 4401, 4403];

/** The server is overloaded: try again later (IANA WebSocket close code registry). */
export const TRY_AGAIN_LATER = 1013;

/** The page or the server is going away (RFC 6455); also the cause when a page enters the back/forward cache. */
export const GOING_AWAY = 1001;

/** A normal closure (RFC 6455). */
export const NORMAL_CLOSURE = 1000;

/** What the other side did is against the rules of this one (RFC 6455). */
export const POLICY_VIOLATION = 1008;

/** The server restarts: come back after a random delay (IANA WebSocket close code registry). */
export const SERVICE_RESTART = 1012;
