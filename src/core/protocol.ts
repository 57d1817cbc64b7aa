/** The words that both ends of a connection share: default heartbeat frames and the close codes with a meaning of their own. */

/** The default heartbeat frame that a client sends. */
export const PING = 'ping';

/** The default answer to {@link PING}. */
export const PONG = 'pong';

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

/** How a lifeline frame begins: no text frame of an application may, so that one comparison tells them apart. */
export const LIFELINE = '{"lifeline":';

/** The longest id or topic, in UTF-16 code units. */
export const MAX_ID_LENGTH = 256;

/** What a client says in a lifeline frame: JSON without spaces, an object whose first member is `lifeline`. */
export type ClientWord =
  /** A probe. `id` is the name that the client gives itself, not a proof; `timestamp` its clock, in milliseconds. */
  | { readonly lifeline: 'ping'; readonly id?: string; readonly timestamp: number }
  /** Tell me who is online, now and whenever it changes. */
  | { readonly lifeline: 'watch' }
  /** Tell me no more. */
  | { readonly lifeline: 'unwatch' };

/** What a server says in a lifeline frame. */
export type ServerWord =
  /** The answer to a probe, with that probe's timestamp. */
  | { readonly lifeline: 'pong'; readonly timestamp: number }
  /** Who is online, all that the client may see; `id` is the client's own, as the server knows it. */
  | { readonly lifeline: 'presence'; readonly id: string; readonly online: readonly string[] }
  /** These have come online since. */
  | { readonly lifeline: 'online'; readonly ids: readonly string[] }
  /** These have gone offline since. */
  | { readonly lifeline: 'offline'; readonly ids: readonly string[] };

/** Writes a lifeline frame. */
export const writeWord = (word: ClientWord | ServerWord): string => JSON.stringify(word);
