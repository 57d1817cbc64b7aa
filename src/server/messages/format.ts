import type { Codec } from '../../core/messages/codec.ts';

/** A message from a client without a codec: text, or a Buffer for binary data. */
export type RawIn = string | Buffer;

/** A message to a client without a codec: text or binary data. */
export type RawOut = string | Uint8Array;

/** Converts messages to the data of frames, and data to messages. Both functions may throw. */
export interface Format<In, Out> {
  encode(message: Out): string | Uint8Array;
  decode(data: string | Buffer): In;
}

/** Without a codec, messages are the data of the frames. */
const raw: Format<RawIn, RawOut> = {
  encode: toData,
  decode: (data) => data,
};

/** Makes the format of a codec; without a codec, messages are the data of the frames. */
export const createFormat = <In, Out>(codec: Codec<In, Out> | undefined): Format<In, Out> =>
  codec
    ? {
        encode: (message) => toData(codec.encode(message)),
        decode: (data) => checkMessage(codec.decode(toFrame(data))),
      }
    : // Without a codec, these are the types.
      (raw as Format<unknown, never> as Format<In, Out>);

/**
 * Returns a decoded message.
 *
 * @throws TypeError for a promise: messages would arrive in another order, and its rejection would end the process.
 */
function checkMessage<Message>(message: Message): Message {
  if (!isPromise(message)) return message;
  message.then(undefined, () => {});
  throw new TypeError('codec.decode() returned a promise: return the message itself.');
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';

/** Returns data as the frame that a codec gets: binary data is an ArrayBuffer, as in a browser. */
export function toFrame(data: string | Buffer): string | ArrayBuffer {
  if (typeof data === 'string') return data;
  const { buffer, byteOffset, byteLength } = data;
  // The memory may be larger than the data, and hold data of others.
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

/**
 * Returns a frame as text or bytes.
 *
 * @throws TypeError if it is neither: ws would send `5` and `true` as text, and a Blob is not read at once.
 */
function toData(frame: unknown): string | Uint8Array {
  if (typeof frame === 'string' || frame instanceof Uint8Array) return frame;
  if (ArrayBuffer.isView(frame))
    return new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame instanceof ArrayBuffer || frame instanceof SharedArrayBuffer)
    return new Uint8Array(frame);
  if (isPromise(frame)) frame.then(undefined, () => {}); // Its rejection would end the process.
  throw new TypeError(
    `A server sends text, an ArrayBuffer or a view of one, not ${frame === null ? 'null' : `a value of type ${typeof frame}`}: use a codec such as json() for other values.`,
  );
}
