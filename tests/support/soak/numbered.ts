/** Frames with their own number and length, so that loss, repetition, wrong order and wrong length are noticed. */
export interface Numbered {
  /** The link of the frame; 0 for any link. */
  readonly link: number;
  /** Its number among the frames of the same sender. */
  readonly n: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Text for even numbers, binary for odd ones, of at least `size` bytes. */
export function numbered({ link, n }: Numbered, size: number): string | Uint8Array<ArrayBuffer> {
  // Characters of two bytes, to notice a cut inside a character.
  const text = `${link}:${n}:${size}:${'é'.repeat(size / 2)}`;
  return n % 2 === 0 ? text : encoder.encode(text);
}

/** Reads such a frame; throws if it is damaged or of the wrong type. */
export function readNumbered(frame: string | ArrayBuffer | Uint8Array): Numbered {
  const text = typeof frame === 'string' ? frame : decoder.decode(frame);
  const [, link, n, size, padding] = /^(\d+):(\d+):(\d+):(é*)$/.exec(text) ?? [];
  if (padding?.length !== Math.floor(Number(size) / 2))
    throw new Error(`A frame of ${text.length} characters is damaged: ${text.slice(0, 40)}`);
  if (typeof frame !== (Number(n) % 2 === 0 ? 'string' : 'object'))
    throw new Error(`Frame ${n} is a ${typeof frame}.`);
  return { link: Number(link), n: Number(n) };
}
