import type { Announced } from './announced.ts';
import { topics as topicsExtension } from '../../core/extensions/topics.ts';
import { tryCall } from '../../core/platform/emitter.ts';
import type { Redaction } from './redaction.ts';
import type { RecordedTopic } from './types.ts';

/** How many topics are remembered that nobody listens to any more. */
const MAX_TOPICS = 1_000;

interface Counts {
  added: number;
  removed: number;
  unheard: number;
  last?: unknown;
  at?: number;
}

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
    const added: Counts = { added: 0, removed: 0, unheard: 0 };
    counts.set(name, added);
    if (counts.size > MAX_TOPICS)
      for (const old of counts.keys()) {
        if (!present.has(old) && old !== name) counts.delete(old);
        if (counts.size <= MAX_TOPICS) break;
      }
    return added;
  }

  for (const [name, { listeners }] of present) countsOf(name).added = listeners;
  api.on = (name, handler) => {
    const topic = countsOf(name);
    topic.added++;
    const remove = on(name, handler);
    let isRemoved = false;
    return () => {
      if (!isRemoved) topic.removed++;
      isRemoved = true;
      remove();
    };
  };

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
        .map(([name, { last, ...topic }]) => ({
          ...topic,
          name,
          listeners: present.get(name)?.listeners ?? 0,
          ...(last !== undefined && { last: redaction.value(last) }),
        }))
        .filter(({ listeners, unheard }) => listeners > 0 || unheard > 0),
  };
}
