/**
 * The binary frames of a shared text. The first byte is the kind:
 *
 * - `state`: a Yjs state vector, which says what the sender has. The answer is an update with the rest; the server also
 *   answers with its own state.
 * - `update`: an update of Yjs.
 */
export type EditKind = 'state' | 'update';

export interface EditFrame {
  readonly kind: EditKind;
  readonly bytes: Uint8Array;
}

const KINDS: readonly EditKind[] = ['state', 'update'];

export function packEdit(kind: EditKind, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(bytes.length + 1);
  frame[0] = KINDS.indexOf(kind);
  frame.set(bytes, 1);
  return frame;
}

/** @throws RangeError for a frame of an unknown kind. */
export function readEdit(frame: ArrayBuffer | Uint8Array): EditFrame {
  const all = new Uint8Array(frame);
  const kind = KINDS[all[0] ?? -1];
  if (!kind) throw new RangeError('A frame of the shared text begins with 0 or 1.');
  return { kind, bytes: all.subarray(1) };
}
