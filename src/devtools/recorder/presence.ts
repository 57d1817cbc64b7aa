import type { Announced } from './announced.ts';
import { presence } from '../../core/lifeline/presence.ts';
import { readPresenceFrame } from '../../core/lifeline/presence-frame.ts';
import { forgetOldest } from './forget-oldest.ts';
import type { RecordedPresence } from './types.ts';

/** How many topics are remembered that nobody watches: a server may name any. */
const MAX_TOPICS = 1_000;

/** Returns the function that tells who is online, as far as the server has told the application. */
export function readPresence({ connection, shared }: Announced): () => readonly RecordedPresence[] {
  const topics = new Set<string | undefined>([undefined]);
  shared.on('control', (frame) => {
    const topic = readPresenceFrame(frame as string)?.topic;
    if (topics.has(topic)) return;
    topics.add(topic);
    if (topics.size <= MAX_TOPICS) return;
    const { list } = connection.extend(presence);
    forgetOldest(topics, MAX_TOPICS, (old) => old === undefined || old === topic || !!list(old));
  });
  return () => {
    // It is attached again after its last listener has gone.
    const { list } = connection.extend(presence);
    return [...topics].flatMap((topic) => {
      const ids = list(topic);
      return ids ? [{ topic: topic ?? null, ids }] : [];
    });
  };
}
