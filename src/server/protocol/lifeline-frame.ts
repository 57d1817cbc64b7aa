import { type ClientLifelineFrame, LIFELINE } from '../../core/protocol/frames.ts';
import { isId } from './id.ts';

/** Some clients, such as the WebSocket of Node 22, remove a byte order mark at the start of a text. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Whether a text frame is a lifeline frame, valid or malformed; it is malformed behind byte order marks. All other frames are
 * messages of the application.
 */
export const isLifelineFrame = (text: string): boolean =>
  text.startsWith(LIFELINE) ||
  (text.startsWith(BYTE_ORDER_MARK) && text.replace(/^\uFEFF+/, '').startsWith(LIFELINE));

/**
 * Returns a message of the application as it may be sent. It may come from a client, who must not speak as the server to
 * others: a text that a client could take for a lifeline frame gets a space in front. As JSON it is the same.
 */
export const toMessage = <Message extends string | Uint8Array>(
  message: Message,
): Message | string =>
  typeof message === 'string' && isLifelineFrame(message) ? ` ${message}` : message;

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
  const { lifeline, id, timestamp, topic } = frame;
  if (lifeline === 'leave') return wellFormed({ lifeline });
  if (lifeline === 'watch' || lifeline === 'unwatch') {
    if (topic === undefined) return wellFormed({ lifeline });
    return isId(topic) ? wellFormed({ lifeline, topic }) : UNKNOWN;
  }
  if (lifeline !== 'ping' || !Number.isFinite(timestamp)) return UNKNOWN;
  const ping = { lifeline, timestamp: timestamp as number } as const;
  if (isId(id)) return wellFormed({ ...ping, id });
  return { content: ping, isMalformed: id !== undefined };
}
