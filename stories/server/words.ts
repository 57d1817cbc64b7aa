/**
 * The messages between the demo server and its pages: JSON objects with a `demo` field. Everything else is echoed. Both ends
 * import this file, so it uses neither Node nor the DOM.
 */

/** The commands of a page. They affect the client itself or its room only. */
export type Command =
  /** Kill my TCP connection, without a close frame. */
  | { demo: 'drop' }
  /** Stop answering my pings; with `on: false`, answer them again. */
  | { demo: 'mute'; on?: boolean }
  /** Do not read from me, write to me or close: a cut cable. After so many seconds, my connection ends. */
  | { demo: 'cut'; seconds?: number }
  /** Cut the cables of all others in my room, until I leave. */
  | { demo: 'cut-others' }
  /** Refuse new clients of my room for some seconds. */
  | { demo: 'refuse'; seconds: number }
  /** End all connections of my room without a close frame, and refuse new ones for some seconds: a server that is killed. */
  | { demo: 'kill'; seconds: number }
  /** Send it to everybody else in my room, also to those who are away. */
  | Say
  /** Say one number after the other to my room, until it is empty. */
  | { demo: 'talk' }
  /** I say one number after the other, beginning with 1. */
  | { demo: 'number'; number: number }
  /** From now on my binary frames are edits of the shared text (edits.ts) and not echoed. */
  | { demo: 'edit' }
  /** Send me the list of clients in my room. */
  | { demo: 'count' }
  /** Send me the prices of these topics, now and when they change. */
  | { demo: 'subscribe'; topics: string[] }
  | { demo: 'unsubscribe'; topics: string[] }
  /** Subscribe me to the topic of a place in my room: whoever is in it sees who else is. */
  | { demo: 'enter'; place: string }
  | { demo: 'leave'; place: string }
  /** What does this share cost? Its name has 1 to 5 capital letters. The answer has the same id. */
  | { demo: 'ask'; share: string; id?: number }
  /** Change so many of my prices a second; 0, the default, is a pause. */
  | { demo: 'stream'; perSecond: number }
  /** Send me the positions of these vehicles, ten times a second. */
  | { demo: 'follow'; vehicles: string[] }
  | { demo: 'unfollow'; vehicles: string[] };

/** What a client says to its room. */
export interface Say {
  readonly demo: 'say';
  readonly text: string;
}

/** A chat message. */
export interface Said {
  readonly from: string;
  readonly text: string;
}

/** Which numbers somebody has heard. */
export interface Heard {
  /** The last number. */
  readonly last: number;
  /** How many numbers came. */
  readonly count: number;
  /** How many of the numbers up to the last one never came. */
  readonly lost: number;
  /** The latest of those that never came. */
  readonly holes: readonly number[];
}

/** The messages of the server. */
export type ServerWord =
  | { demo: 'welcome'; name: string; clients: number }
  /** The clients in the room now, and their names. */
  | { demo: 'clients'; clients: number; names: string[] }
  | ({ demo: 'said' } & Said)
  /** The next number of the server, and what it has heard of each client, by its name. */
  | { demo: 'number'; number: number; heard: Readonly<Record<string, Heard>> }
  | { demo: 'done'; command: 'mute' | 'refuse' | 'cut-others' }
  | { demo: 'price'; topic: string; price: number }
  /** The answer to the question with this id. */
  | { demo: 'answer'; id: number; price: number }
  | { demo: 'answer'; id: number; error: string }
  /** Longitude and latitude, in degrees. */
  | { demo: 'position'; vehicle: string; at: [number, number] }
  /** The number of subscribed topics of this link, and of its subscribe commands. */
  | { demo: 'market'; topics: number; calls: number }
  | { demo: 'error'; message: string };

/** The path of the demo in Storybook, in the story tests and in a static site. */
export const DEMO_PATH = '/demo';

/** The longest time for which a room can refuse clients, so that a typing error does no harm. */
export const MAX_REFUSAL_SECONDS = 60;

/** Whether a room can refuse clients for so long. */
export const isRefusable = (seconds: unknown): seconds is number =>
  typeof seconds === 'number' && seconds > 0 && seconds <= MAX_REFUSAL_SECONDS;

/** The largest number of topics of a link. */
export const MAX_TOPICS = 1_000;
/** The largest number of prices a second for a link. */
export const MAX_PER_SECOND = 10_000;

/** Reads a message of the server; null for a frame that it only echoes. */
export function readServerWord(frame: unknown): ServerWord | null {
  if (typeof frame !== 'string' || !frame.startsWith('{"demo":')) return null;
  try {
    return JSON.parse(frame) as ServerWord;
  } catch {
    return null; // a chat text that starts the same way
  }
}
