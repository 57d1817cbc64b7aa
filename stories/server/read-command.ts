import {
  type Command,
  isRefusable,
  MAX_PER_SECOND,
  MAX_REFUSAL_SECONDS,
  MAX_TOPICS,
} from './words.ts';

const isList = (given: unknown): given is string[] =>
  Array.isArray(given) &&
  given.length <= MAX_TOPICS &&
  given.every((entry) => typeof entry === 'string');

const topicsOf = (name: 'subscribe' | 'unsubscribe', topics: unknown): Command | string =>
  isList(topics)
    ? { demo: name, topics }
    : `${name}: topics must be a list of at most ${MAX_TOPICS} strings.`;

const vehiclesOf = (name: 'follow' | 'unfollow', vehicles: unknown): Command | string =>
  isList(vehicles)
    ? { demo: name, vehicles }
    : `${name}: vehicles must be a list of at most ${MAX_TOPICS} strings.`;

const placeOf = (name: 'enter' | 'leave', place: unknown): Command | string =>
  typeof place === 'string' ? { demo: name, place } : `${name}: place must be a string.`;

const commands: Record<Command['demo'], (given: Record<string, unknown>) => Command | string> = {
  drop: () => ({ demo: 'drop' }),
  mute: ({ on }) => ({ demo: 'mute', on: on !== false }),
  cut: ({ seconds }) => (isRefusable(seconds) ? { demo: 'cut', seconds } : { demo: 'cut' }),
  'cut-others': () => ({ demo: 'cut-others' }),
  count: () => ({ demo: 'count' }),
  edit: () => ({ demo: 'edit' }),
  refuse: ({ seconds }) =>
    isRefusable(seconds)
      ? { demo: 'refuse', seconds }
      : `refuse: seconds must be a number above 0 and at most ${MAX_REFUSAL_SECONDS}.`,
  follow: ({ vehicles }) => vehiclesOf('follow', vehicles),
  unfollow: ({ vehicles }) => vehiclesOf('unfollow', vehicles),
  kill: ({ seconds }) =>
    isRefusable(seconds)
      ? { demo: 'kill', seconds }
      : `kill: seconds must be a number above 0 and at most ${MAX_REFUSAL_SECONDS}.`,
  say: ({ text }) =>
    typeof text === 'string' ? { demo: 'say', text } : 'say: text must be a string.',
  talk: () => ({ demo: 'talk' }),
  number: ({ number }) =>
    Number.isSafeInteger(number)
      ? { demo: 'number', number: number as number }
      : 'number: number must be a whole number.',
  subscribe: ({ topics }) => topicsOf('subscribe', topics),
  unsubscribe: ({ topics }) => topicsOf('unsubscribe', topics),
  enter: ({ place }) => placeOf('enter', place),
  leave: ({ place }) => placeOf('leave', place),
  ask: ({ share, id }) =>
    typeof share === 'string' && Number.isSafeInteger(id)
      ? { demo: 'ask', share, id: id as number }
      : 'ask: share must be a string, and id a whole number.',
  stream: ({ perSecond }) =>
    typeof perSecond === 'number' && perSecond >= 0 && perSecond <= MAX_PER_SECOND
      ? { demo: 'stream', perSecond }
      : `stream: perSecond must be a number from 0 to ${MAX_PER_SECOND}.`,
};

/** Reads a command from a text frame: null for other text, an error text for a wrong command. */
export function readCommand(text: string): Command | string | null {
  if (!/^\s*\{\s*"demo"/.test(text)) return null;
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return 'This looks like a command but is not valid JSON.';
  }
  const name = String(given.demo);
  return Object.hasOwn(commands, name)
    ? commands[name as Command['demo']](given)
    : `There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.`;
}
