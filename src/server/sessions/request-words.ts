import type { DeliveryFrame } from '../protocol/delivery-frames.ts';
import type { DeliveryWord } from '../protocol/delivery-words.ts';
import type { Session } from './session.ts';

/** The connection that has said the word. */
interface Asker {
  say(frame: DeliveryFrame): void;
  /** @returns False if too much was repeated. */
  repeat(data: string | Uint8Array): boolean;
}

/** Does what a word about requests asks for. */
export function obeyRequestWord(
  word: Extract<DeliveryWord, { lifeline: 'pending' | 'replied' | 'abort' }>,
  session: Session,
  asker: Asker,
): void {
  if (word.lifeline === 'abort') {
    const waiting = session.waitingRequest(word.id);
    if (waiting) waiting.isAborted = true;
    else session.requests?.abort(word.id);
  } else if (word.lifeline === 'replied') session.requests?.acknowledge(word.ids);
  else for (const id of word.ids) if (!tell(id, session, asker)) return;
}

/** Tells what became of a request. @returns False if too much was repeated. */
function tell(id: number, session: Session, asker: Asker): boolean {
  const { requests } = session;
  if (requests?.isRunning(id) || session.waitingRequest(id)) {
    asker.say({ lifeline: 'running', id });
    return true;
  }
  const reply = requests?.replyTo(id);
  if (reply === undefined) asker.say({ lifeline: 'lost', id });
  return reply ? asker.repeat(reply) : true;
}
