import { Buffer } from 'node:buffer';
import type { Broadcast } from '../broadcasts/channel.ts';

/** A broadcast on its way from one server to the others. */
export interface BroadcastMessage {
  /** The id of the server that sent it. */
  readonly from: string;
  /** When it was sent, by the clock of Redis, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** The message, and who gets it. */
  readonly broadcast: Broadcast;
}

/** The first line of an encoded message, in JSON. The bytes of the payload follow it. */
interface Header extends Omit<Broadcast, 'message'> {
  readonly from: string;
  readonly at: number;
  readonly isText: boolean;
}

/** Encodes a broadcast as the payload of a Redis message. */
export function encode({ from, at, broadcast }: BroadcastMessage): Buffer {
  const { message, ...rest } = broadcast;
  const header: Header = { ...rest, from, at, isText: typeof message === 'string' };
  // JSON contains no line feed, so the first one ends the header.
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(message)]);
}

/**
 * Decodes the payload of a Redis message.
 *
 * @throws Error if {@link encode} cannot have made the data.
 */
export function decode(data: Buffer): BroadcastMessage {
  const end = data.indexOf('\n');
  const header: unknown = JSON.parse(String(data.subarray(0, end)));
  if (!isHeader(header)) throw new TypeError('It has no broadcast header.');
  const { from, at, isText, topic, except } = header;
  const payload = data.subarray(end + 1);
  return {
    from,
    at,
    broadcast: { message: isText ? String(payload) : payload, topic, except },
  };
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const { from, at, isText, topic, except } = value as { [Name in keyof Header]: unknown };
  return (
    typeof from === 'string' &&
    typeof at === 'number' &&
    typeof isText === 'boolean' &&
    isOptionalText(topic) &&
    isOptionalText(except)
  );
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
