import type { Feed } from './feed.ts';

/** What a client has asked about one topic, or about everybody, and how far it was answered. */
export interface Watch<Client> {
  readonly client: Client;
  /** Whether the client asks for it. */
  isWanted: boolean;
  /** The feed that it gets; null while it gets none, because it does not ask, or is not subscribed to the topic. */
  feed: Feed<Watch<Client>> | null;
  /** Its row in `feed.shown`. */
  row: number;
  /** Up to where in the log of the feed it was told. */
  position: number;
  /** The number at which the next part of the list begins; null when the list is complete. */
  next: number | null;
  /** Whether the list is due: it has got none yet, or has asked again. */
  isListDue: boolean;
  /** Whether it has asked for the list that was begun last. Otherwise it was so far behind that it needed one. */
  isAnswer: boolean;
  /** When the last list began that it asked for, in the time of `performance.now()`. */
  listedAt: number;
}

/** What a client watches. */
export interface Viewing<Client> {
  /** Its watch of everybody; null if it has never asked. */
  everybody: Watch<Client> | null;
  /** Its watches of topics, also of those that it asks for no longer, which limits how often it can ask again. */
  topics: Map<string, Watch<Client>> | null;
  /** Until when what it was told of changes counts, at {@link CHANGE_RATE}, in the time of `performance.now()`. */
  changesUntil: number;
  /** Until when the lists that it asked for count, at {@link LIST_RATE}. */
  listsUntil: number;
}

/** The fields of a client that presence uses. */
export interface Viewer<Self> {
  readonly id: string;
  /** How many bytes wait to be sent to it. */
  readonly bufferedAmount: number;
  /** What it watches; null if it has never asked. */
  viewing: Viewing<Self> | null;
  sendFrame(frame: string): void;
}

/** How many bytes a millisecond a client may be told of changes in the long run: 16 KiB a second. */
export const CHANGE_RATE = 16;

/** How many bytes a millisecond of lists a client may ask for in the long run: 256 KiB a second. */
export const LIST_RATE = 256;

/** The shortest time between two lists of the same topic that a client asks for, in milliseconds. */
export const LIST_INTERVAL = 1_000;

/** How far a client may be ahead of {@link CHANGE_RATE}, in milliseconds, so that a small change need not wait. */
export const BURST = 1_000;

/** A client with more bytes than this in its send buffer is told nothing until it has read them. */
export const MAX_WAITING = 65_536;

/** Returns the watch of a topic, or of everybody; undefined if the client has not asked for it. */
export const watchOf = <Client>(
  viewing: Viewing<Client> | null,
  topic: string | undefined,
): Watch<Client> | undefined =>
  topic === undefined ? (viewing?.everybody ?? undefined) : viewing?.topics?.get(topic);

/** Whether the watch has nothing to be told. */
export const isUpToDate = <Client>({ feed, isListDue, next, position }: Watch<Client>): boolean =>
  feed === null || (!isListDue && next === null && position === feed.end);
