import { writeDeliveryFrame } from '../protocol/delivery-frames.ts';
import type { DeliveryWord } from '../protocol/delivery-words.ts';
import type { Session } from './session.ts';

/** How many requests one frame may ask for. */
const MAX_IDS = 1_024;

/** The connection that has said the word. */
interface Asker {
  send(data: string | Uint8Array): void;
  /** @returns False if too much was repeated. */
  repeat(data: string | Uint8Array): boolean;
}

/** Does what a word about requests asks for. @returns False if it asks for too much at once. */
export function obeyRequestWord(
  word: Extract<DeliveryWord, { lifeline: 'pending' | 'replied' | 'abort' }>,
  session: Session,
  asker: Asker,
): boolean {
  if (word.lifeline === 'abort') {
    const waiting = session.waitingRequest(word.id);
    if (waiting) waiting.isAborted = true;
    else session.requests?.abort(word.id);
    return true;
  }
  if (word.ids.length > MAX_IDS) return false;
  if (word.lifeline === 'replied') session.requests?.acknowledge(word.ids);
  else for (const id of word.ids) if (!tell(id, session, asker)) break;
  return true;
}

function tell(id: number, session: Session, asker: Asker): boolean {
  if (session.waitingRequest(id)) asker.send(writeDeliveryFrame({ lifeline: 'running', id }));
  else {
    const frame = session.begun().tell(id);
    if (frame !== null) return asker.repeat(frame);
  }
  return true;
}
