import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs';
import { type EditFrame, packEdit, readEdit } from './edits.ts';

/** The server's copy of a shared text, from which each editor gets the missing edits. */
export class SharedText {
  readonly #doc = new Doc();

  /**
   * Takes a frame of an editor. `answer` is for that editor, `others` for all others.
   *
   * @throws an error for bytes that are not an update.
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
