import type { Frame, OutFrame } from '../../core/link/frame.ts';
import { byteLength } from '../../core/link/frame.ts';
import type { Redaction } from './redaction.ts';
import { REDACTED, redactError, redactUrls } from './redaction.ts';
import type { ErrorEntry, FrameEntry, FrameKind, MessageEntry } from './types.ts';

/** What leaves out secrets now: the names of the fields may be given later. */
export type CurrentRedaction = () => Redaction;

/** The message of a frame that is JSON, behind the header of a delivery, too; undefined for others. */
function jsonOf(frame: unknown): unknown {
  if (typeof frame !== 'string') return undefined;
  try {
    return JSON.parse(frame.slice(frame.lastIndexOf('\n') + 1));
  } catch {
    return undefined;
  }
}

/** A {@link FrameEntry}. It is made for each frame, so that it does nothing until somebody looks. */
export class RecordedFrame implements FrameEntry {
  readonly type = 'frame';
  readonly at: number;
  readonly way: 'in' | 'out';
  kind: FrameKind;
  /** Why it could not be decoded, as the connection tells it. */
  failure?: string;
  isLost?: true;
  /** The frame as it is, and the messages that the codec made of it. */
  readonly raw: Frame | OutFrame;
  messages: unknown[] | undefined;
  readonly #redaction: CurrentRedaction;

  constructor(
    at: number,
    way: 'in' | 'out',
    kind: FrameKind,
    raw: Frame | OutFrame,
    redaction: CurrentRedaction,
  ) {
    this.at = at;
    this.way = way;
    this.kind = kind;
    this.raw = raw;
    this.#redaction = redaction;
  }

  get size(): number {
    return byteLength(this.raw) ?? 0;
  }

  get data(): Frame | OutFrame {
    return this.show(this.#redaction());
  }

  get decoded(): unknown {
    if (this.kind === 'handshake') return undefined;
    const { messages } = this;
    if (this.way === 'out') return this.#redaction().value(jsonOf(this.raw));
    return messages && this.#redaction().value(messages.length > 1 ? messages : messages[0]);
  }

  get error(): string | undefined {
    return this.failure && this.hideError(this.failure, this.#redaction());
  }

  /** Returns the text of an error about the frame, without what it quotes if the frame is not shown whole. */
  hideError(text: string, redaction: Redaction, isOpen = false): string {
    if (isOpen) return text;
    return redactUrls(this.show(redaction) === this.raw ? text : redactError(text));
  }

  /** Returns the frame as a redaction leaves it. */
  show(redaction: Redaction, isOpen = false): Frame | OutFrame {
    if (this.kind === 'handshake' && !isOpen) return REDACTED;
    return redaction.value(this.raw) as Frame | OutFrame;
  }
}

/** A {@link MessageEntry}. */
export class RecordedMessage implements MessageEntry {
  readonly type = 'message';
  readonly at: number;
  readonly id: number;
  readonly what: MessageEntry['what'];
  readonly reason?: string;
  readonly raw: unknown;
  readonly #redaction: CurrentRedaction;

  constructor(
    at: number,
    id: number,
    [what, reason]: readonly [MessageEntry['what'], (string | null)?],
    raw: unknown,
    redaction: CurrentRedaction,
  ) {
    this.at = at;
    this.id = id;
    this.what = what;
    if (reason) this.reason = reason;
    this.raw = raw;
    this.#redaction = redaction;
  }

  get message(): unknown {
    return this.#redaction().value(this.raw);
  }
}

/** An {@link ErrorEntry}. */
export class RecordedError implements ErrorEntry {
  readonly type = 'error';
  readonly at: number;
  /** Its text, and the frame that was being handled, if one was. */
  readonly raw: string;
  readonly frame: RecordedFrame | undefined;
  readonly #redaction: CurrentRedaction;

  constructor(
    at: number,
    raw: string,
    frame: RecordedFrame | undefined,
    redaction: CurrentRedaction,
  ) {
    this.at = at;
    this.raw = raw;
    this.frame = frame;
    this.#redaction = redaction;
  }

  get message(): string {
    return this.show(this.#redaction());
  }

  /** Returns the text as a redaction leaves it. */
  show(redaction: Redaction, isOpen = false): string {
    if (this.frame) return this.frame.hideError(this.raw, redaction, isOpen);
    return isOpen ? this.raw : redactUrls(this.raw);
  }
}
