import { type ClientLifelineFrame, LIFELINE } from '../../core/protocol/frames.ts';
import { isId } from './id.ts';

/** Whether a text frame is a lifeline frame, valid or malformed. All other frames are messages of the application. */
export const isLifelineFrame = (text: string): boolean => text.startsWith(LIFELINE);

/** The result of {@link parseLifelineFrame}. */
export interface ParsedFrame {
  /** The content of the frame; null if it is not valid or not known. */
  readonly content: ClientLifelineFrame | null;
  /** Whether the frame breaks the rules of the protocol. */
  readonly isMalformed: boolean;
}

const UNKNOWN: ParsedFrame = { content: null, isMalformed: true };

const wellFormed = (content: ClientLifelineFrame): ParsedFrame => ({
  content,
  isMalformed: false,
});

/** Parses a lifeline frame. A ping with an invalid id is malformed, but is returned without the id, so that it gets its pong. */
export function parseLifelineFrame(text: string): ParsedFrame {
  let frame: Readonly<Record<string, unknown>>;
  try {
    frame = JSON.parse(text);
  } catch {
    return UNKNOWN;
  }
  const { lifeline, id, timestamp } = frame;
  if (lifeline === 'watch' || lifeline === 'unwatch' || lifeline === 'leave')
    return wellFormed({ lifeline });
  if (lifeline !== 'ping' || !Number.isFinite(timestamp)) return UNKNOWN;
  const ping = { lifeline, timestamp: timestamp as number } as const;
  if (isId(id)) return wellFormed({ ...ping, id });
  return { content: ping, isMalformed: id !== undefined };
}
