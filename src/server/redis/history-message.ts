import { Buffer } from 'node:buffer';
import type { Position, RecordedMessage, TopicMessage } from '../history/store.ts';

/** The first line of what is recorded, in JSON. The bytes of the payload follow it. */
interface Header {
  readonly isBinary: boolean;
  readonly except?: string | undefined;
}

/** A message as it is published when it has been recorded. */
export interface LiveMessage {
  readonly topic: string;
  readonly position: Position;
  readonly message: RecordedMessage;
}

/** Encodes a message as it is recorded. */
export function encode({ data, isBinary, except }: TopicMessage): Buffer {
  const header: Header = { isBinary, except };
  // JSON contains no line feed, so the first one ends the header.
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), data]);
}

/**
 * Decodes what was recorded.
 *
 * @throws Error if {@link encode} cannot have made the data.
 */
export function decode(recorded: Buffer, number: number): RecordedMessage {
  const [header, data] = split(recorded);
  const { isBinary, except } = (header ?? {}) as { [Name in keyof Header]: unknown };
  if (typeof isBinary !== 'boolean' || !(except === undefined || typeof except === 'string'))
    throw new TypeError('It is no message of a topic.');
  return { number, data, isBinary, except };
}

/**
 * Decodes what a script has published: the topic, the epoch and the number in a line of JSON, then what was recorded.
 *
 * @throws Error if no script can have made the data.
 */
export function decodeLive(published: Buffer): LiveMessage {
  const [line, recorded] = split(published);
  const [topic, epoch, number] = (Array.isArray(line) ? line : []) as unknown[];
  if (typeof topic !== 'string' || typeof epoch !== 'string' || typeof number !== 'number')
    throw new TypeError('It has no position.');
  return { topic, position: { epoch, number }, message: decode(recorded, number) };
}

function split(data: Buffer): [line: unknown, rest: Buffer] {
  const end = data.indexOf('\n');
  return [JSON.parse(String(data.subarray(0, end))), data.subarray(end + 1)];
}
