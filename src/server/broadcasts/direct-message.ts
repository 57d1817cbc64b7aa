import { isId } from '../protocol/id.ts';
import type { Broadcast } from './channel.ts';

/** A message to all connections of an identity. */
export interface DirectMessage extends Pick<Broadcast, 'message'> {
  /** The id of the identity. */
  readonly id: string;
}

/**
 * The topic of the broadcast that carries it over a channel. No client can subscribe to it, so a server that does not know direct
 * messages sends it to nobody.
 */
const TOPIC = '';

/** Encodes a message to an identity as a broadcast. */
export const writeDirectMessage = ({ id, message }: DirectMessage): Broadcast => ({
  topic: TOPIC,
  message: JSON.stringify({
    sendTo:
      typeof message === 'string'
        ? { id, text: message }
        : { id, base64: Buffer.from(message).toString('base64') },
  }),
});

/** Decodes a broadcast of another server; null if it is no message to an identity. */
export function readDirectMessage({ topic, message }: Broadcast): DirectMessage | null {
  if (topic !== TOPIC || typeof message !== 'string') return null;
  try {
    const { sendTo } = JSON.parse(message) as {
      sendTo: { id: unknown; text?: unknown; base64?: unknown };
    };
    if (!isId(sendTo.id)) return null;
    if (typeof sendTo.text === 'string') return { id: sendTo.id, message: sendTo.text };
    if (typeof sendTo.base64 !== 'string') return null;
    return { id: sendTo.id, message: Buffer.from(sendTo.base64, 'base64') };
  } catch {
    return null;
  }
}
