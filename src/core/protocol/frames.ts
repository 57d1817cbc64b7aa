/** The frame of the default ping. */
export const PING = 'ping';

/** The frame of the default pong, which answers {@link PING}. */
export const PONG = 'pong';

/** The start of every lifeline frame. No text frame of an application may start with it. */
export const LIFELINE = '{"lifeline":';

/** The length limit of ids and topics, in UTF-16 code units. */
export const MAX_ID_LENGTH = 256;

/**
 * The content of a lifeline frame from a client. On the wire it is a JSON object without spaces, whose first member is
 * `lifeline`.
 */
export type ClientLifelineFrame =
  /** A ping. `id`: a label that the client chose, which proves nothing. `timestamp`: the client's time, in milliseconds. */
  | { readonly lifeline: 'ping'; readonly id?: string; readonly timestamp: number }
  /** Asks the server to report who is online or, with a topic, who is subscribed to it, now and after each change. */
  | { readonly lifeline: 'watch'; readonly topic?: string | undefined }
  /** Ends the reports. */
  | { readonly lifeline: 'unwatch'; readonly topic?: string | undefined }
  /** The last frame of a client that closes for good: its presence ends without a grace period. */
  | { readonly lifeline: 'leave' };

/** The content of a lifeline frame from a server. */
export type ServerLifelineFrame =
  /** The answer to a ping, with the timestamp of the ping. */
  | { readonly lifeline: 'pong'; readonly timestamp: number }
  /** All ids that are visible to the client, or the first part of them. `id`: the id of the client's own identity. */
  | ({
      readonly lifeline: 'presence';
      readonly id: string;
      readonly online: readonly string[];
    } & PresenceDetails)
  /** Ids that came online after the last report, or a further part of the list. */
  | ({ readonly lifeline: 'online'; readonly ids: readonly string[] } & PresenceDetails)
  /** Ids that went offline after the last report. */
  | { readonly lifeline: 'offline'; readonly ids: readonly string[]; readonly topic?: string }
  /** The client is subscribed to the topic no longer, and gets no reports of it until it is again. */
  | { readonly lifeline: 'unwatch'; readonly topic: string };

/** What a report of ids may have besides them. */
interface PresenceDetails {
  /** Without it, the report is about everybody who is online. */
  readonly topic?: string;
  /** Whether further parts of the list follow. */
  readonly more?: true;
  /** Public data of some of the ids. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Encodes a lifeline frame. */
export const writeLifelineFrame = (frame: ClientLifelineFrame | ServerLifelineFrame): string =>
  JSON.stringify(frame);
