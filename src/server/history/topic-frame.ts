import { writeDeliveryFrame } from '../protocol/delivery-frames.ts';
import { toMessage } from '../protocol/lifeline-frame.ts';
import type { TopicMessage } from './store.ts';

const BRACE = 0x7b;
/** The first byte of a byte order mark in UTF-8. */
const MARK = 0xef;

/** The frames of a message of a topic: each is made once for all receivers. */
export class TopicFrame {
  readonly #topic: string;
  readonly #message: TopicMessage;
  readonly #number: number;
  #headed: Buffer | undefined;
  #plain: Buffer | undefined;

  constructor(topic: string, message: TopicMessage, number: number) {
    this.#topic = topic;
    this.#message = message;
    this.#number = number;
  }

  get isBinary(): boolean {
    return this.#message.isBinary;
  }

  /** For clients with a session: with the topic and the number. */
  get headed(): Buffer {
    const header = { lifeline: 'topic', topic: this.#topic, number: this.#number } as const;
    return (this.#headed ??= Buffer.concat([
      Buffer.from(`${writeDeliveryFrame(header)}\n`),
      this.#message.data,
    ]));
  }

  /** For all others. */
  get plain(): Buffer {
    return (this.#plain ??= toPlain(this.#message));
  }
}

/** Returns a message as clients without a session get it. */
export function toPlain({ data, isBinary }: TopicMessage): Buffer {
  if (isBinary || (data[0] !== BRACE && data[0] !== MARK)) return data;
  const text = String(data);
  const message = toMessage(text);
  return message === text ? data : Buffer.from(message);
}
