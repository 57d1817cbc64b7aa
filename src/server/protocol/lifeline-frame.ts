import { type ClientLifelineFrame, LIFELINE } from '../../core/protocol/frames.ts';
import { isId } from './id.ts';

/** Whether a text frame belongs to the protocol, well-formed or not. All others belong to the application. */
export const isLifelineFrame = (text: string): boolean => text.startsWith(LIFELINE);

/** The content of a lifeline frame. */
export interface ParsedFrame {
  /** Null where the frame holds no known word. */
  readonly word: ClientLifelineFrame | null;
  readonly isMalformed: boolean;
}

const UNKNOWN: ParsedFrame = { word: null, isMalformed: true };

const wellFormed = (word: ClientLifelineFrame): ParsedFrame => ({ word, isMalformed: false });

/** Reads a lifeline frame. A ping with an invalid id is malformed, and still returned, without the id: it gets its pong. */
export function parseLifelineFrame(text: string): ParsedFrame {
  let frame: Readonly<Record<string, unknown>>;
  try {
    frame = JSON.parse(text);
  } catch {
    return UNKNOWN;
  }
  const { lifeline, id, timestamp } = frame;
  if (lifeline === 'watch' || lifeline === 'unwatch') return wellFormed({ lifeline });
  if (lifeline !== 'ping' || !Number.isFinite(timestamp)) return UNKNOWN;
  const ping = { lifeline, timestamp: timestamp as number } as const;
  if (isId(id)) return wellFormed({ ...ping, id });
  return { word: ping, isMalformed: id !== undefined };
}
