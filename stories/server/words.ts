/**
 * What the demo server and its pages say to each other, besides the text and the binary that is echoed: JSON
 * objects with a `demo` field. Imported by both ends; no code that needs Node or a page.
 */

/** What a page may ask for. All of it concerns the asking client or its room, and nobody else. */
export type Command =
  /** Destroy my TCP connection, without a close frame. */
  | { demo: 'drop' }
  /** Close my connection with a code. */
  | { demo: 'close'; code: number; reason?: string }
  /** Answer no ping of mine any more. */
  | { demo: 'mute' }
  /** Neither read from me, nor write to me, nor close: a cut cable. */
  | { demo: 'cut' }
  /** Hold each frame back for so many milliseconds, in both directions; 0 and 0 is a fast network again. */
  | { demo: 'slow'; min: number; max: number }
  /** Let nobody into my room for a while. */
  | { demo: 'refuse'; seconds: number }
  /** Say it to everybody in my room, me included, and once: what comes again under the same id is not said again. */
  | { demo: 'say'; id: string; text: string }
  /** Tell me what was said in my room lately. */
  | { demo: 'history' }
  /** From now on my binary frames are about the text that my room shares (edits.ts); before, they are echoed. */
  | { demo: 'edit' }
  /** Tell me who is in my room. */
  | { demo: 'count' }
  /** Tell me the prices of these, now and whenever they change. */
  | { demo: 'subscribe'; topics: string[] }
  | { demo: 'unsubscribe'; topics: string[] }
  /** Change so many of my prices a second; 0, as at first, is a pause. */
  | { demo: 'stream'; perSecond: number }
  /** Tell me where these vehicles are, ten times a second. */
  | { demo: 'follow'; vehicles: string[] }
  | { demo: 'unfollow'; vehicles: string[] };

/** What somebody said; the id is the speaker's own. */
export interface Said {
  readonly id: string;
  readonly from: string;
  readonly text: string;
}

/** What the server says of its own accord or in answer to a command. */
export type ServerWord =
  | { demo: 'welcome'; name: string; clients: number }
  /** Who is in the room now: as many names as clients. */
  | { demo: 'clients'; clients: number; names: string[] }
  | ({ demo: 'said' } & Said)
  /** What was said lately, oldest first. */
  | { demo: 'history'; said: readonly Said[] }
  | { demo: 'done'; command: 'mute' | 'refuse' }
  | { demo: 'price'; topic: string; price: number }
  /** Longitude and latitude, in degrees. */
  | { demo: 'position'; vehicle: string; at: [number, number] }
  /** To how many topics this link is subscribed, and by how many calls. */
  | { demo: 'market'; topics: number; calls: number }
  | { demo: 'error'; message: string };

/** Where the demo is: in Storybook, in the story tests, in a static site. */
export const DEMO_PATH = '/demo';

/** The longest time for which a room can be closed; a typing error must not outlive the coffee break. */
export const MAX_REFUSAL_SECONDS = 60;

/** Whether a room can be closed for so long. */
export const isRefusable = (seconds: unknown): seconds is number =>
  typeof seconds === 'number' && seconds > 0 && seconds <= MAX_REFUSAL_SECONDS;

/** The close codes that RFC 6455 lets an endpoint send, in words. */
export const SENDABLE_CODES = '1000 to 1014 (not 1004 to 1006) or 3000 to 4999';

/** Whether RFC 6455 lets an endpoint send this close code. */
export function isSendable(code: unknown): code is number {
  if (!Number.isInteger(code)) return false;
  const n = Number(code);
  return (n >= 3000 && n <= 4999) || (n >= 1000 && n <= 1014 && ![1004, 1005, 1006].includes(n));
}

/** The topics that one link can have. No story shows more. */
export const MAX_TOPICS = 1_000;
/** The prices that one link gets a second, at most. */
export const MAX_PER_SECOND = 10_000;

/** The longest that a slow network holds a frame back, in milliseconds. */
export const MAX_DELAY = 5_000;

/** Reads a word of the server out of a frame; null for what it merely echoes. */
export function readServerWord(frame: unknown): ServerWord | null {
  if (typeof frame !== 'string' || !frame.startsWith('{"demo":')) return null;
  try {
    return JSON.parse(frame) as ServerWord;
  } catch {
    return null; // somebody's text that only begins like one
  }
}
