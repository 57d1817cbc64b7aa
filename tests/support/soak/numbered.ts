/** Frames that tell what they are, so that a loss, a repetition, a wrong order and a wrong length show. */
export interface Numbered {
  /** The link that the frame was made for; 0 where any may carry it. */
  readonly link: number;
  /** Its place among those of the same origin. */
  readonly n: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Text for even numbers, binary for odd ones, of at least `size` bytes. */
export function numbered({ link, n }: Numbered, size: number): string | Uint8Array<ArrayBuffer> {
  // Two bytes each: a cut in the middle of a character is a fault, too.
  const text = `${link}:${n}:${size}:${'é'.repeat(size / 2)}`;
  return n % 2 === 0 ? text : encoder.encode(text);
}

/** Reads such a frame; throws where it is not whole or not of its kind. */
export function readNumbered(frame: string | ArrayBuffer | Uint8Array): Numbered {
  const text = typeof frame === 'string' ? frame : decoder.decode(frame);
  const [, link, n, size, padding] = /^(\d+):(\d+):(\d+):(é*)$/.exec(text) ?? [];
  if (padding?.length !== Math.floor(Number(size) / 2))
    throw new Error(`A frame of ${text.length} characters is damaged: ${text.slice(0, 40)}`);
  if (typeof frame !== (Number(n) % 2 === 0 ? 'string' : 'object'))
    throw new Error(`Frame ${n} is a ${typeof frame}.`);
  return { link: Number(link), n: Number(n) };
}
