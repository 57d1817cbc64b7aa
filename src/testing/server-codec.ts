import type { Frame, OutFrame } from '../core/link/frame.ts';
import { copyFrame } from '../core/link/frame.ts';
import type { Codec } from '../core/messages/codec.ts';
import { raw } from '../core/messages/codec.ts';
import { json } from '../core/messages/json.ts';

const plainJson: Codec<unknown, unknown> = json();

/**
 * Returns the server's side of a client's codec: that of JSON for `json()`, whose schema checks only what a client gets;
 * otherwise the same codec, in the other direction.
 */
export const serverSideOf = <In, Out>(codec: Codec<In, Out> | undefined): Codec<Out, In> =>
  (codec?.encode === plainJson.encode ? plainJson : (codec ?? raw)) as Codec<
    unknown,
    unknown
  > as Codec<Out, In>;

/** Returns a frame as it arrives at a server: bytes as an ArrayBuffer of their own. */
export const arrivalOf = (frame: OutFrame): Frame =>
  typeof frame === 'string' || frame instanceof Blob ? frame : toBytes(copyFrame(frame));

/** Returns a frame as it arrives at a client, in the form that its socket gives to bytes. */
export function deliveryOf(frame: OutFrame, binaryType: string): Frame {
  const arrival = arrivalOf(frame);
  return arrival instanceof ArrayBuffer && binaryType === 'blob' ? new Blob([arrival]) : arrival;
}

/** An empty view is not copied by `copyFrame()`. */
const toBytes = (frame: OutFrame): ArrayBuffer =>
  frame instanceof ArrayBuffer ? frame : new ArrayBuffer(0);
