import type { Connection } from '../../core/connection.ts';
import type { Frame, OutFrame } from '../../core/link/frame.ts';
import type { Cause } from '../../core/machine/cause.ts';
import type { Status } from '../../core/machine/snapshot.ts';
import type { DropReason } from '../../core/messages/events.ts';
import type { Signal } from '../../core/platform/signals.ts';

/** What a frame is for. */
export type FrameKind = 'message' | 'heartbeat' | 'handshake' | 'delivery' | 'presence';

/** The status of a connection has changed, or another cause of it is known. */
export interface StateEntry {
  readonly type: 'state';
  /** Milliseconds of `performance.now()`, or of the connection's own clock; so in each entry. */
  readonly at: number;
  readonly status: Status;
  readonly cause: Cause | null;
  /** The number of failures in a row. */
  readonly attempt: number;
}

/** A frame was sent or has arrived. `size`, `data` and `decoded` are computed when they are read: do not spread an entry. */
export interface FrameEntry {
  readonly type: 'frame';
  readonly at: number;
  readonly way: 'in' | 'out';
  readonly kind: FrameKind;
  /** Bytes, text as UTF-8. */
  readonly size: number;
  /** The frame, redacted. */
  readonly data: Frame | OutFrame;
  /**
   * The message, redacted: what the codec made of a frame that arrived, an array if it made several; of a sent one, its JSON.
   * Undefined if there is none.
   */
  readonly decoded: unknown;
  /** Why the frame could not be decoded. */
  readonly error?: string | undefined;
  /** Whether a damage has kept it from arriving. */
  readonly isLost?: true;
}

/** A probe was answered. */
interface RoundTripEntry {
  readonly type: 'roundTrip';
  readonly at: number;
  /** Milliseconds. */
  readonly duration: number;
}

/** What became of a message of the outbox. */
export interface MessageEntry {
  readonly type: 'message';
  readonly at: number;
  /** The same for all entries of a message. */
  readonly id: number;
  readonly what: 'queued' | 'sent' | 'confirmed' | 'failed' | 'uncertain' | 'dropped';
  /** Why it was dropped, or what the server says of the failure. */
  readonly reason?: DropReason | (string & {});
  /** The message that was given to `send()`, redacted; computed when it is read. */
  readonly message: unknown;
}

/** Messages of a topic are missing. */
interface GapEntry {
  readonly type: 'gap';
  readonly at: number;
  readonly topic: string;
}

/** The connection has told of an error. */
export interface ErrorEntry {
  readonly type: 'error';
  readonly at: number;
  /** Its text; what it quotes of a frame is redacted with the frame. */
  readonly message: string;
}

/** A damage has begun or ended. */
export interface DamageEntry {
  readonly type: 'damage';
  readonly at: number;
  readonly what: DamageName | 'restore';
  /** The argument: milliseconds of `slow` and `sleep`, the code of `close`. */
  readonly value?: number;
}

/** A signal of the network or the page has reached the connection. */
export interface SignalEntry {
  readonly type: 'signal';
  readonly at: number;
  readonly signal: Signal;
}

/** One thing that a connection did. */
export type Entry =
  | StateEntry
  | FrameEntry
  | RoundTripEntry
  | MessageEntry
  | GapEntry
  | ErrorEntry
  | DamageEntry
  | SignalEntry;

/** A topic, and who listens to it. */
export interface RecordedTopic {
  readonly name: string;
  /** How many listeners it has now. */
  readonly listeners: number;
  /** How many were ever added. */
  readonly added: number;
  /** How many were removed. */
  readonly removed: number;
  /** Messages that arrived although nobody has listened to the topic for longer than `linger`. */
  readonly unheard: number;
  /** Listeners that the app has added without a hook, at three times or more, and of which it has removed none; else 0. */
  readonly forgotten: number;
  /** Its last message, redacted. */
  readonly last?: unknown;
  /** When that arrived. */
  readonly at?: number;
}

/** Who is online, or subscribed to a topic, as far as the application has asked. */
export interface RecordedPresence {
  /** Null: everybody. */
  readonly topic: string | null;
  readonly ids: readonly string[];
}

/** The session that both ends share with the option `delivery`. */
interface RecordedSession {
  /** How many messages a socket took that the server has not confirmed yet. */
  readonly unconfirmed: number;
  /** How many wait for a socket. */
  readonly waiting: number;
}

/** The name of a damage. */
export type DamageName =
  | 'drop'
  | 'silence'
  | 'slow'
  | 'refuse'
  | 'accept'
  | 'offline'
  | 'online'
  | 'sleep'
  | 'close';

/** Breaks a connection as networks and servers do, between its socket and itself. */
export interface Damage {
  /** Cuts the link, without a close frame: the cause is a `close` with the code 1006. */
  drop(this: void): void;
  /** The link goes half-open: nothing arrives any more, in neither direction, and nobody is told. A new link is whole. */
  silence(this: void): void;
  /** From now on each frame takes so many milliseconds more, one way. 0 ends it. */
  slow(this: void, ms: number): void;
  /** Every attempt fails, until `restore()`. The link that is open stays. */
  refuse(this: void): void;
  /** Ends `refuse`. */
  accept(this: void): void;
  /** The network is gone: the page is told, the link goes half-open, and attempts fail. */
  offline(this: void): void;
  /** The network is back, and the page is told. */
  online(this: void): void;
  /** The computer sleeps for so many milliseconds: nothing happens, and only the wall clock goes on. It takes no time. */
  sleep(this: void, ms: number): void;
  /** The server closes the link. @param code - Any close code, such as 1001, 1012 or 4401. */
  close(this: void, code: number, reason?: string): void;
  /** Ends all that goes on. A link that is half-open stays so. */
  restore(this: void): void;
  /** What goes on: `silence`, `slow`, `refuse`, `offline`. The same array until it changes. */
  readonly active: readonly DamageName[];
}

/** The options of {@link Recording.export}. */
export interface ExportOptions {
  /** Whether what may be secret is left out. @defaultValue true */
  readonly redact?: boolean;
}

/** What one connection did. */
export interface Recording {
  /** A number that no other recording of the page has. */
  readonly id: number;
  /** Its url, redacted; before the first attempt an empty text. */
  readonly name: string;
  readonly connection: Connection;
  /** What it did, the oldest first: at most 100,000 entries. The same array until something changes. */
  entries(this: void): readonly Entry[];
  /** Calls the listener after changes, at most once in 100 ms. Returns the function that removes it. */
  subscribe(this: void, listener: () => void): () => void;
  /** Stops recording. What happens meanwhile is not recorded; the connection goes on. */
  pause(this: void): void;
  resume(this: void): void;
  readonly isPaused: boolean;
  /** Forgets all entries. */
  clear(this: void): void;
  /** The topics that have listeners, or `unheard` messages. A new array after each change. */
  topics(this: void): readonly RecordedTopic[];
  /** Who holds the connection: for each one, the function in the application that called, as far as it can be told. */
  holders(this: void): readonly string[];
  presence(this: void): readonly RecordedPresence[];
  /** Null without the option `delivery`. */
  session(this: void): RecordedSession | null;
  readonly damage: Damage;
  /** Returns JSON that `server.replay()` of the test kit plays back. */
  export(this: void, options?: ExportOptions): string;
}

/** The connections of a page. */
export interface Recordings {
  /** Those that have been used, the newest last. The same array until it changes. */
  list(this: void): readonly Recording[];
  subscribe(this: void, listener: () => void): () => void;
  /**
   * Names what is redacted besides queries of urls and handshakes: fields of JSON messages, at any depth. While there are names,
   * binary frames are redacted, too. Returns the function that takes the names back; what others have named stays redacted.
   */
  redact(this: void, fields: readonly string[]): () => void;
}
