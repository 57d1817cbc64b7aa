import { type ClientWord, LIFELINE, MAX_ID_LENGTH } from '../../core/protocol/words.ts';

/** Whether a text frame is one of ours, well-formed or not; all others belong to the application. */
export const isLifelineFrame = (text: string): boolean => text.startsWith(LIFELINE);

/** What a lifeline frame says. */
export interface Reading {
  /** Null where it says nothing that is known. */
  readonly word: ClientWord | null;
  readonly isMalformed: boolean;
}

const NOTHING: Reading = { word: null, isMalformed: true };

const read = (word: ClientWord): Reading => ({ word, isMalformed: false });

/** Reads a lifeline frame. A probe whose id cannot be a name is malformed, and without a name asks all the same. */
export function readWord(text: string): Reading {
  let frame: Readonly<Record<string, unknown>>;
  try {
    frame = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  const { lifeline, id, timestamp } = frame;
  if (lifeline === 'watch' || lifeline === 'unwatch') return read({ lifeline });
  if (lifeline !== 'ping' || !Number.isFinite(timestamp)) return NOTHING;
  const probe = { lifeline, timestamp: timestamp as number } as const;
  if (isId(id)) return read({ ...probe, id });
  return { word: probe, isMalformed: id !== undefined };
}

/** Whether this may be the name of somebody or something: what is longer would fill the memory. */
export const isId = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH;
