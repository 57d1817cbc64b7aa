import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Frame } from '../link/frame.ts';
import { checkNames } from '../platform/check-names.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import type { Codec } from './codec.ts';
import { DecodeError } from './codec.ts';

/** The options of {@link json}. */
export interface JsonOptions<In extends StandardSchemaV1, Out extends StandardSchemaV1> {
  /** Checks every message that arrives, and may transform it. Any Standard Schema that is not asynchronous. */
  readonly schema: In;
  /** Gives the type of the messages that are sent. It is not run. @defaultValue any value can be sent */
  readonly out?: Out | undefined;
}

/**
 * Makes a codec for JSON text frames. Without a schema, messages are not checked: the types are those that the application
 * names. A frame that is binary or not valid JSON causes an `error` event, and the link stays open.
 *
 * @example
 * ```ts
 * const codec = json<{ text: string }, { text: string }>();
 * ```
 */
export function json<In = unknown, Out = unknown>(): Codec<In, Out>;
/**
 * Makes a codec for JSON text frames whose messages a schema checks when they arrive. A frame that is binary, not valid
 * JSON or rejected by the schema causes an `error` event, and the link stays open.
 *
 * @throws TypeError if `schema` is not a Standard Schema, or an option is unknown.
 * @example
 * ```ts
 * import { z } from 'zod';
 *
 * const codec = json({
 *   schema: z.object({ price: z.number() }),
 *   out: z.object({ subscribe: z.string() }),
 * });
 * ```
 */
export function json<In extends StandardSchemaV1, Out extends StandardSchemaV1 = StandardSchemaV1>(
  options: JsonOptions<In, Out>,
): Codec<StandardSchemaV1.InferOutput<In>, StandardSchemaV1.InferInput<Out>>;
export function json(
  options?: JsonOptions<StandardSchemaV1, StandardSchemaV1>,
): Codec<unknown, unknown> {
  checkNames(options, { schema: '', out: '' }, 'an option of json()');
  const standard = options?.schema?.['~standard'];
  if (options && typeof standard?.validate !== 'function')
    throw new TypeError(
      `json() needs a Standard Schema${FULL_TEXTS ? ': use one of zod, valibot or arktype, for example' : ''}.`,
    );
  return {
    encode,
    decode(frame) {
      const value = parse(frame);
      if (!standard) return value;
      const result = standard.validate(value);
      if ('then' in result) {
        // Its later rejection must not be reported as unhandled.
        Promise.resolve(result).catch(() => {});
        throw new TypeError(
          `json() needs a synchronous schema${FULL_TEXTS ? ': this one returns a promise, and waiting for it would change the order of messages' : ''}.`,
        );
      }
      if (result.issues) throw new DecodeError(frame, undefined, result.issues);
      return result.value;
    },
  };
}

/** The same function for every codec, by which a codec is known as one of `json()`. */
function encode(message: unknown): string {
  const text = JSON.stringify(message) as string | undefined;
  if (text === undefined)
    throw new TypeError(
      `json() cannot send ${typeof message}${FULL_TEXTS ? ': JSON has no such value' : ''}.`,
    );
  return text;
}

function parse(frame: Frame): unknown {
  if (typeof frame !== 'string')
    throw new TypeError(`json() reads text frames${FULL_TEXTS ? ', and this one is binary' : ''}.`);
  return JSON.parse(frame);
}
