import type { Announced } from './announced.ts';
import { topics as topicsExtension } from '../../core/extensions/topics.ts';
import { tryCall } from '../../core/platform/emitter.ts';
import { forgetOldest } from './forget-oldest.ts';
import type { Redaction } from './redaction.ts';
import type { RecordedTopic } from './types.ts';

/** How many topics are remembered that nobody listens to any more. */
const MAX_TOPICS = 1_000;

/** How far apart two times must be that listeners are added, in milliseconds, to count as two: those of one page come together. */
const APART = 1_000;

/** How often an app adds a listener by hand, and removes none, before it probably forgets to. */
const OFTEN = 3;

interface Counts {
  added: number;
  unheard: number;
  byHand: ByHand;
  last?: unknown;
  at?: number;
}

/** The listeners that the app has added without a hook. Hooks remove theirs. */
interface ByHand {
  added: number;
  removed: number;
  /** At how many times they were added, and the last one. */
  times: number;
  addedAt: number;
}

const isForgetful = ({ removed, times }: ByHand) => removed === 0 && times >= OFTEN;

/** Counts the listeners of topics. */
export interface TopicCounts {
  /** A message has arrived. */
  arrived(message: never): void;
  list(redaction: Redaction): readonly RecordedTopic[];
}

/** Makes {@link TopicCounts}. */
export function countTopics({ connection, shared }: Announced): TopicCounts {
  const api = connection.extend(topicsExtension);
  const { on, listeners: present = new Map() } = api;
  const counts = new Map<string, Counts>();

  function countsOf(name: string): Counts {
    const known = counts.get(name);
    if (known) return known;
    const byHand = { added: 0, removed: 0, times: 0, addedAt: -Infinity };
    const added: Counts = { added: 0, unheard: 0, byHand };
    counts.set(name, added);
    forgetOldest(counts, MAX_TOPICS, (old) => present.has(old) || old === name);
    return added;
  }

  for (const [name, { listeners }] of present) countsOf(name).added = listeners;
  api.on = function listen(this: unknown, name, handler) {
    const topic = countsOf(name);
    topic.added++;
    const remove = on(name, handler);
    // The hooks call it as a method of the extension, an app as one of the connection.
    if (this === api) return remove;
    const { byHand } = topic;
    byHand.added++;
    noteTime(byHand);
    return () => {
      byHand.removed++;
      remove();
    };
  };
  // One that was made before has the function that does not count.
  if ('onTopic' in connection) Object.assign(connection, { onTopic: api.on });

  function noteTime(byHand: ByHand): void {
    const now = shared.clock.now();
    if (now - byHand.addedAt < APART) return;
    byHand.times++;
    byHand.addedAt = now;
  }

  return {
    arrived(message) {
      const options = counts.size > 0 && shared.settings().topics;
      const name = options && tryCall(() => options.of(message));
      const topic = typeof name === 'string' && counts.get(name);
      if (!topic) return;
      if (!present.has(name)) topic.unheard++;
      topic.last = message;
      topic.at = shared.clock.now();
    },
    list: (redaction) =>
      [...counts]
        .map(([name, { last, byHand, ...topic }]) => {
          const listeners = present.get(name)?.listeners ?? 0;
          return {
            ...topic,
            name,
            listeners,
            // The app may have added some past the count, by an `onTopic` that it took before.
            added: Math.max(topic.added, listeners),
            removed: Math.max(0, topic.added - listeners),
            forgotten: isForgetful(byHand) ? byHand.added : 0,
            // There may be 100,000 topics, of which few are seen.
            get last() {
              return redaction.value(last);
            },
          };
        })
        .filter(({ listeners, unheard }) => listeners > 0 || unheard > 0),
  };
}
