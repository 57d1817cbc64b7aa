import { type ClientWord, LIFELINE, MAX_ID_LENGTH } from '../core/protocol.ts';

/** Whether a text frame is one of ours, well-formed or not; all others belong to the application. */
export const isLifelineFrame = (text: string): boolean => text.startsWith(LIFELINE);

/** Reads a lifeline frame; null for one that is malformed. */
export function readWord(text: string): ClientWord | null {
  let frame: Readonly<Record<string, unknown>>;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  const { lifeline, id, timestamp } = frame;
  if (lifeline === 'watch' || lifeline === 'unwatch') return { lifeline };
  if (lifeline !== 'ping' || !Number.isFinite(timestamp)) return null;
  const probe = { lifeline, timestamp: timestamp as number } as const;
  if (id === undefined) return probe;
  return isId(id) ? { ...probe, id } : null;
}

/** Whether this may be the name of somebody or something: what is longer would fill the memory. */
export const isId = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH;
