import { FULL_TEXTS } from '../platform/texts.ts';
import type { Codec, CodecOption, StreamCodec } from './codec.ts';

/** A codec, with those functions that it has. */
type AnyCodec<In, Out> = Pick<Codec<In, Out>, 'encode'> &
  Partial<Pick<Codec<In, Out>, 'decode'> & Pick<StreamCodec<In, Out>, 'decodeAll'>>;

/** The codecs of a connection. They are one and the same, unless the `codec` option is a function. */
export interface Codecs<In, Out> {
  /** Whether the option is a function. */
  isPerLink(): boolean;
  /**
   * Makes the codec of a new link, if the option is a function.
   *
   * @throws What that function throws; a TypeError if it returns no codec.
   */
  renew(): void;
  /**
   * Returns the codec of the link or, if the given function returns nothing, that of messages that wait. It tells only their size
   * and their errors: they are encoded again for the link that takes them.
   */
  get(isForLink?: () => unknown): AnyCodec<In, Out>;
}

/** Makes {@link Codecs}. */
export function createCodecs<In, Out>(
  settings: () => { readonly codec: CodecOption<In, Out> },
): Codecs<In, Out> {
  let ofLink: AnyCodec<In, Out>;
  let ofOutbox: AnyCodec<In, Out> | undefined;

  function make(): AnyCodec<In, Out> {
    const { codec } = settings();
    const made = typeof codec === 'function' ? codec() : codec;
    if (FULL_TEXTS && typeof made?.encode !== 'function')
      throw new TypeError(
        'The codec function must return { encode, decode } or { encode, decodeAll }, and no promise.',
      );
    return made;
  }

  return {
    isPerLink: () => typeof settings().codec === 'function',
    renew() {
      ofLink = make();
    },
    get(isForLink) {
      const { codec } = settings();
      if (typeof codec !== 'function') return codec;
      return !isForLink || isForLink() ? ofLink : (ofOutbox ??= make());
    },
  };
}
