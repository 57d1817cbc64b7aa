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
  /** Let nobody into my room for a while. */
  | { demo: 'refuse'; seconds: number }
  /** Say something to everybody in my room, me included. */
  | { demo: 'broadcast'; text: string }
  /** Tell me how many clients are in my room. */
  | { demo: 'count' }
  /** Tell me the prices of these, now and whenever they change. */
  | { demo: 'subscribe'; topics: string[] }
  | { demo: 'unsubscribe'; topics: string[] }
  /** Change so many of my prices a second; 0, as at first, is a pause. */
  | { demo: 'stream'; perSecond: number };

/** What the server says of its own accord or in answer to a command. */
export type ServerWord =
  | { demo: 'welcome'; name: string; clients: number }
  | { demo: 'clients'; clients: number }
  | { demo: 'broadcast'; from: string; text: string }
  | { demo: 'done'; command: 'mute' | 'refuse' }
  | { demo: 'price'; topic: string; price: number }
  /** To how many topics this link is subscribed, and by how many calls. */
  | { demo: 'market'; topics: number; calls: number }
  | { demo: 'error'; message: string };

/** The longest time for which a room can be closed; a typing error must not outlive the coffee break. */
export const MAX_REFUSAL_SECONDS = 60;

/** The topics that one link can have. No story shows more. */
export const MAX_TOPICS = 1_000;
const MAX_PER_SECOND = 5_000;

const topicsOf = (name: 'subscribe' | 'unsubscribe', topics: unknown): Command | string =>
  Array.isArray(topics) &&
  topics.length <= MAX_TOPICS &&
  topics.every((topic) => typeof topic === 'string')
    ? { demo: name, topics }
    : `${name}: topics must be a list of at most ${MAX_TOPICS} strings.`;

/** The close codes that RFC 6455 lets an endpoint send. */
function isSendable(code: unknown): code is number {
  if (!Number.isInteger(code)) return false;
  const n = Number(code);
  return (n >= 3000 && n <= 4999) || (n >= 1000 && n <= 1014 && ![1004, 1005, 1006].includes(n));
}

const commands: Record<Command['demo'], (given: Record<string, unknown>) => Command | string> = {
  drop: () => ({ demo: 'drop' }),
  mute: () => ({ demo: 'mute' }),
  cut: () => ({ demo: 'cut' }),
  count: () => ({ demo: 'count' }),
  close: ({ code, reason = '' }) => {
    if (!isSendable(code))
      return 'close: code must be 1000 to 1014 (not 1004 to 1006) or 3000 to 4999.';
    if (typeof reason !== 'string' || new TextEncoder().encode(reason).length > 123)
      return 'close: reason must be a string of at most 123 bytes.';
    return { demo: 'close', code, reason };
  },
  refuse: ({ seconds }) =>
    typeof seconds === 'number' && seconds > 0 && seconds <= MAX_REFUSAL_SECONDS
      ? { demo: 'refuse', seconds }
      : `refuse: seconds must be a number above 0 and at most ${MAX_REFUSAL_SECONDS}.`,
  subscribe: ({ topics }) => topicsOf('subscribe', topics),
  unsubscribe: ({ topics }) => topicsOf('unsubscribe', topics),
  stream: ({ perSecond }) =>
    typeof perSecond === 'number' && perSecond >= 0 && perSecond <= MAX_PER_SECOND
      ? { demo: 'stream', perSecond }
      : `stream: perSecond must be a number from 0 to ${MAX_PER_SECOND}.`,
  broadcast: ({ text }) =>
    typeof text === 'string' ? { demo: 'broadcast', text } : 'broadcast: text must be a string.',
};

/** Reads a command out of a text frame: null for text that is not one, a message for one that is wrong. */
export function readCommand(text: string): Command | string | null {
  if (!/^\s*\{\s*"demo"/.test(text)) return null;
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return 'This looks like a command, but is not valid JSON.';
  }
  const name = String(given.demo);
  return Object.hasOwn(commands, name)
    ? commands[name as Command['demo']](given)
    : `There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.`;
}

/** Reads a word of the server out of a frame; null for what it merely echoes. */
export function readServerWord(frame: unknown): ServerWord | null {
  if (typeof frame !== 'string' || !frame.startsWith('{"demo":')) return null;
  try {
    return JSON.parse(frame) as ServerWord;
  } catch {
    return null; // somebody's text that only begins like one
  }
}
