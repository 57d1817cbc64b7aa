/** The default heartbeat frame that a client sends. */
export const PING = 'ping';

/** The default answer to {@link PING}. */
export const PONG = 'pong';

/** How a lifeline frame begins: no text frame of an application may, so that one comparison tells them apart. */
export const LIFELINE = '{"lifeline":';

/** The longest id or topic, in UTF-16 code units. */
export const MAX_ID_LENGTH = 256;

/** What a client says in a lifeline frame: JSON without spaces, an object whose first member is `lifeline`. */
export type ClientLifelineFrame =
  /** A probe. `id` is the name that the client gives itself, not a proof; `timestamp` its clock, in milliseconds. */
  | { readonly lifeline: 'ping'; readonly id?: string; readonly timestamp: number }
  /** Tell me who is online, now and whenever it changes. */
  | { readonly lifeline: 'watch' }
  /** Tell me no more. */
  | { readonly lifeline: 'unwatch' };

/** What a server says in a lifeline frame. */
export type ServerLifelineFrame =
  /** The answer to a probe, with that probe's timestamp. */
  | { readonly lifeline: 'pong'; readonly timestamp: number }
  /** Who is online, all that the client may see; `id` is the client's own, as the server knows it. */
  | { readonly lifeline: 'presence'; readonly id: string; readonly online: readonly string[] }
  /** These have come online since. */
  | { readonly lifeline: 'online'; readonly ids: readonly string[] }
  /** These have gone offline since. */
  | { readonly lifeline: 'offline'; readonly ids: readonly string[] };

/** Writes a lifeline frame. */
export const writeLifelineFrame = (word: ClientLifelineFrame | ServerLifelineFrame): string => JSON.stringify(word);
