import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs';
import { type EditFrame, packEdit, readEdit } from './edits.ts';

/** The server's copy of a text that several edit: it lets each of them catch up, whoever else is there. */
export class SharedText {
  readonly #doc = new Doc();

  /**
   * Takes a frame of one editor. `answer` goes back to that one, `others` to everybody else.
   *
   * @throws an error for bytes that are no update.
   */
  take(frame: Uint8Array): { answer: Uint8Array[]; others: Uint8Array[] } {
    const { kind, bytes }: EditFrame = readEdit(frame);
    if (kind === 'update') {
      applyUpdate(this.#doc, bytes);
      return { answer: [], others: [frame] };
    }
    return {
      answer: [
        packEdit('update', encodeStateAsUpdate(this.#doc, bytes)),
        packEdit('state', encodeStateVector(this.#doc)),
      ],
      others: [],
    };
  }
}
