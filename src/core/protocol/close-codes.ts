/**
 * Close codes after which the next attempt would fail in the same way: protocol error, unsupported data, invalid
 * payload, message too big, mandatory extension (RFC 6455, section 7.4.1).
 */
export const PERMANENT_FAILURE_CODES: readonly number[] = [1002, 1003, 1007, 1009, 1010];

/**
 * Close codes for a client that is not authenticated, or no longer: 3000, unauthorized (IANA WebSocket close code
 * registry), and 4401, which follows the HTTP status 401.
 */
export const TOKEN_END_CODES: readonly number[] = [3000, 4401];

/**
 * Close codes after which a new token may help: {@link TOKEN_END_CODES}; 1008, policy violation (RFC 6455); 3003, forbidden
 * (IANA); and 4403, which follows the HTTP status 403.
 */
export const REFUSAL_CODES: readonly number[] = [3000, 4401, 1008, 3003, 4403];

/** The server is overloaded: the client should try again later (IANA WebSocket close code registry). */
export const TRY_AGAIN_LATER = 1013;

/** The page or the server is going away (RFC 6455); also the cause when a page enters the back/forward cache. */
export const GOING_AWAY = 1001;

/** No close frame arrived (RFC 6455). */
export const ABNORMAL_CLOSURE = 1006;

/** A normal closure (RFC 6455). */
export const NORMAL_CLOSURE = 1000;

/** The other side broke a rule of this side, such as a rate limit (RFC 6455). */
export const POLICY_VIOLATION = 1008;

/** The client is not authenticated, or no longer: the counterpart of the HTTP status 401 in the private range. */
export const UNAUTHENTICATED = 4401;

/** The server failed (RFC 6455). */
export const INTERNAL_ERROR = 1011;

/** The server restarts: the client should reconnect after a random delay (IANA WebSocket close code registry). */
export const SERVICE_RESTART = 1012;

/** A client with a session broke the rules of delivery: the counterpart of the HTTP status 400 in the private range. */
export const BAD_FRAMES = 4400;

/** A session goes on over another connection: the counterpart of the HTTP status 409 in the private range. */
export const REPLACED = 4409;
