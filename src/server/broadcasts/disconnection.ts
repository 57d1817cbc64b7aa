import { isClose } from '../clients/refuse-with.ts';
import { isId } from '../protocol/id.ts';
import type { Broadcast } from './channel.ts';

/** Which connections to close, and how. */
export interface Disconnection {
  /** The id of an identity. */
  readonly id: string;
  /** The close code. */
  readonly code: number;
  /** The close reason. */
  readonly reason: string;
}

/**
 * The topic of the broadcast that carries a disconnection over a channel. No client can subscribe to it, so a server that
 * does not know disconnections sends it to nobody.
 */
const TOPIC = '';

/** Encodes a disconnection as a broadcast. */
export const writeDisconnection = (disconnection: Disconnection): Broadcast => ({
  topic: TOPIC,
  message: JSON.stringify({ disconnect: disconnection }),
});

/** Decodes a broadcast of another server; null if it is not a disconnection. */
export function readDisconnection({ topic, message }: Broadcast): Disconnection | null {
  if (topic !== TOPIC || typeof message !== 'string') return null;
  try {
    const { id, code, reason } = (JSON.parse(message) as { disconnect: Disconnection }).disconnect;
    return isId(id) && isClose(code, reason) ? { id, code, reason } : null;
  } catch {
    return null;
  }
}
