import type { Entry, FrameEntry, RecordedTopic } from '../recorder/types.ts';
import { entriesOf, fatesOf, sortEntries } from './select.ts';
import { count, topicOrUser } from './words.ts';

/** Where the panel shows more about something. */
export type Tab = 'frames' | 'outbox' | 'topics' | 'session' | 'faults';

/** Something that is probably a bug of the app or of its server. */
export interface Problem {
  /** Tells it from the others. */
  readonly id: string;
  /** What is wrong. */
  readonly fact: string;
  /** What to do. */
  readonly remedy: string;
  readonly tab: Tab;
}

/** How many topics are named in a sentence. */
const NAMED = 3;

/** Returns what is probably wrong in a recording. @param unanswered - Of {@link unansweredHeartbeats}. */
export function findProblems(
  entries: readonly Entry[],
  topics: readonly RecordedTopic[],
  unanswered: ReadonlySet<Entry>,
): Problem[] {
  const { broken } = sortEntries(entries);
  return [
    ...topicsWithoutListeners(topics),
    ...topicsNeverUnsubscribed(topics),
    ...framesNotDecoded(broken),
    ...errorsReported(entries, broken),
    ...heartbeatsWithoutAnswer(unanswered),
    ...messagesNotHandled(entries),
    ...messagesMissing(entries),
  ];
}

function topicsWithoutListeners(topics: readonly RecordedTopic[]): Problem[] {
  const bad = topics.filter(({ unheard }) => unheard > 0);
  if (bad.length === 0) return [];
  const messages = count(sum(bad.map(({ unheard }) => unheard)), 'message');
  return [
    {
      id: 'unheard',
      fact: `${namesOf(bad, 'goes', 'go')} on without listeners: ${messages} came after the last one had left.`,
      remedy:
        'The server was not told to stop, or goes on. Check the option topics.unsubscribe, and what the server does with it.',
      tab: 'topics',
    },
  ];
}

function topicsNeverUnsubscribed(topics: readonly RecordedTopic[]): Problem[] {
  const bad = topics.filter(({ forgotten }) => forgotten > 0);
  if (bad.length === 0) return [];
  const listeners = count(sum(bad.map(({ forgotten }) => forgotten)), 'listener');
  return [
    {
      id: 'forgotten',
      fact: `${namesOf(bad, 'got', 'got')} ${listeners} from onTopic() at different times, and none was ever removed.`,
      remedy:
        'An effect that calls onTopic() must return the function that onTopic() returns. Or use the hook useTopic.',
      tab: 'topics',
    },
  ];
}

/** The first topics by name, with the verb: there can be hundreds, and the tab lists them. */
function namesOf(
  topics: readonly { readonly name: string }[],
  one: string,
  several: string,
): string {
  const names = topics.slice(0, NAMED).map(({ name }) => `"${name}"`);
  if (topics.length === 1) return `Topic ${names[0]} ${one}`;
  const rest = topics.length - names.length;
  const last = rest > 0 ? `${rest} more` : names.pop();
  return `Topics ${names.join(', ')} and ${last} ${several}`;
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

function framesNotDecoded(broken: readonly FrameEntry[]): Problem[] {
  const last = broken.at(-1);
  if (!last) return [];
  return [
    {
      id: 'decode',
      fact: `${count(broken.length, 'frame')} could not be decoded. The last error: "${last.error}"`,
      remedy: 'Compare the frame with the codec or the schema of the connection.',
      tab: 'frames',
    },
  ];
}

/** Those of frames that could not be decoded are told of with their frames. */
function errorsReported(entries: readonly Entry[], broken: readonly FrameEntry[]): Problem[] {
  const all = entriesOf(entries, 'error');
  if (all.length === 0) return [];
  const known = new Set(broken.map(({ error }) => error));
  const errors = all.filter(({ message }) => !known.has(message));
  const last = errors.at(-1);
  if (!last) return [];
  return [
    {
      id: 'error',
      fact: `The connection told of ${count(errors.length, 'error')}. The last one: ${last.message}`,
      remedy: 'A function of the app threw it: of the url, the codec, the topics or the handshake.',
      tab: 'session',
    },
  ];
}

function heartbeatsWithoutAnswer({ size }: ReadonlySet<Entry>): Problem[] {
  if (size === 0) return [];
  return [
    {
      id: 'heartbeat',
      fact: `${count(size, 'heartbeat')} got no answer, or none that heartbeat.pong accepts.`,
      remedy:
        'Look at what came in after the ping. If it is the answer, heartbeat.pong must accept it. If the server knows no ping, leave out the option heartbeat.',
      tab: 'frames',
    },
  ];
}

/** Returns the heartbeats that were sent and that the server did not answer. Those that a damage has swallowed are not its fault. */
export function unansweredHeartbeats(entries: readonly Entry[]): ReadonlySet<Entry> {
  const unanswered = new Set<Entry>();
  let asked: Entry | null = null;
  for (const entry of sortEntries(entries).pulse) {
    if (entry.type === 'frame') {
      if (entry.way === 'out' && asked) unanswered.add(asked);
      asked = entry.way === 'out' && !entry.isLost ? entry : null;
    } else if (entry.type === 'roundTrip') asked = null;
    else if (entry.type === 'state') {
      const { cause } = entry;
      if (asked && cause?.kind === 'timeout' && cause.phase === 'heartbeat') unanswered.add(asked);
      if (entry.status !== 'open') asked = null;
    }
  }
  return unanswered;
}

function messagesNotHandled(entries: readonly Entry[]): Problem[] {
  const lost = fatesOf(entries).filter(({ what }) => /dropped|failed|uncertain/.test(what));
  const last = lost.at(-1);
  if (!last) return [];
  return [
    {
      id: 'outbox',
      fact: `${count(lost.length, 'message')} did not get through. The last one: ${last.what}${last.reason ? ` (${last.reason})` : ''}.`,
      remedy: 'Tell the user, or send again: the events drop, failed and uncertain name them.',
      tab: 'outbox',
    },
  ];
}

function messagesMissing(entries: readonly Entry[]): Problem[] {
  const names = new Set(entriesOf(entries, 'gap').map(({ topic }) => topic));
  if (names.size === 0) return [];
  const topics = Array.from(names, (name) => ({ name: topicOrUser(name) }));
  return [
    {
      id: 'gap',
      fact: `${namesOf(topics, 'lacks', 'lack')} messages.`,
      remedy: 'The server has them no more. Fetch the state again on the event gap.',
      tab: 'session',
    },
  ];
}
