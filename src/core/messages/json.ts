import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Frame } from '../link/frame.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import type { Codec } from './codec.ts';
import { DecodeError } from './codec.ts';

/** What `json()` is to check and to type. */
export interface JsonOptions<In extends StandardSchemaV1, Out extends StandardSchemaV1> {
  /** Checks every message that arrives, and may transform it; any Standard Schema that answers at once. */
  readonly schema: In;
  /** Types what is sent. It is not run. @defaultValue anything can be sent */
  readonly out?: Out | undefined;
}

/**
 * The codec for JSON texts. Without a schema, the app vouches for the types. A text that is no JSON and a binary frame
 * are `error` events; the link stays.
 */
export function json<In = unknown, Out = unknown>(): Codec<In, Out>;
/**
 * The codec for JSON texts that a schema checks as they arrive. A text that is no JSON, a binary frame and a message that
 * the schema rejects are `error` events; the link stays.
 *
 * @throws TypeError for what is no Standard Schema.
 */
export function json<In extends StandardSchemaV1, Out extends StandardSchemaV1 = StandardSchemaV1>(
  options: JsonOptions<In, Out>,
): Codec<StandardSchemaV1.InferOutput<In>, StandardSchemaV1.InferInput<Out>>;
export function json(
  options?: JsonOptions<StandardSchemaV1, StandardSchemaV1>,
): Codec<unknown, unknown> {
  const standard = options?.schema?.['~standard'];
  if (options && typeof standard?.validate !== 'function')
    throw new TypeError(
      `json() needs a schema of the Standard Schema kind${FULL_TEXTS ? ': zod, valibot, arktype …' : '.'}`,
    );
  return {
    encode(message) {
      const text = JSON.stringify(message) as string | undefined;
      if (text === undefined)
        throw new TypeError(
          `json() cannot send ${typeof message}${FULL_TEXTS ? ': JSON has none' : ''}.`,
        );
      return text;
    },
    decode(frame) {
      const value = parse(frame);
      if (!standard) return value;
      const result = standard.validate(value);
      if ('then' in result) {
        // What it finds out later is nobody's concern any more.
        Promise.resolve(result).catch(() => {});
        throw new TypeError(
          `json() needs a synchronous schema${FULL_TEXTS ? ': this one answers with a promise, and waiting would change the order of messages' : ''}.`,
        );
      }
      if (result.issues) throw new DecodeError(frame, undefined, result.issues);
      return result.value;
    },
  };
}

function parse(frame: Frame): unknown {
  if (typeof frame !== 'string')
    throw new TypeError(`json() reads text frames${FULL_TEXTS ? ', and this one is binary' : ''}.`);
  return JSON.parse(frame);
}
