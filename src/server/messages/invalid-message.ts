import { DecodeError } from '../../core/messages/codec.ts';
import { toFrame } from './format.ts';

/** How many issues of a schema a reason names. */
const MAX_ISSUES = 3;

/** The longest path of an issue, and the longest name of an error, in a reason. In UTF-16 code units. */
const MAX_LENGTH = 40;

/**
 * A message of a client that the codec could not decode. `reason` and `bytes` hold nothing that the client wrote but names of
 * fields, so that it can be logged. `console.log` and `JSON.stringify` show only these two.
 */
export class InvalidMessage {
  /** Why, in a short sentence. With a schema, it names the fields that do not fit, at most three. */
  readonly reason: string;
  /** The size of the message in bytes. */
  readonly bytes: number;
  readonly #data: string | Buffer;
  readonly #thrown: unknown;

  constructor(data: string | Buffer, thrown: unknown) {
    this.reason = reasonOf(thrown);
    this.bytes = Buffer.byteLength(data);
    this.#data = data;
    this.#thrown = thrown;
  }

  /**
   * The error, with the whole message as `frame` and the `issues` of the schema. Its text may be long and hold secrets of the
   * client.
   */
  get error(): DecodeError {
    return this.#thrown instanceof DecodeError
      ? this.#thrown
      : new DecodeError(toFrame(this.#data), this.#thrown, issuesOf(this.#thrown));
  }
}

function reasonOf(thrown: unknown): string {
  try {
    return describe(thrown);
  } catch {
    return 'The codec cannot decode it.'; // What it has thrown cannot be read.
  }
}

function describe(thrown: unknown): string {
  const issues = issuesOf(thrown);
  if (issues.length === 0) return `The codec cannot decode it (${nameOf(thrown)}).`;
  const paths = issues.slice(0, MAX_ISSUES).map(pathOf);
  const more = issues.length > MAX_ISSUES ? ' and more' : '';
  return `It does not fit the schema: ${paths.join(', ')}${more}.`;
}

/** The issues of a DecodeError. It may be one of another copy of this library. */
function issuesOf(thrown: unknown): readonly { readonly path?: unknown }[] {
  const issues = (thrown as Partial<DecodeError> | null | undefined)?.issues;
  return Array.isArray(issues) ? issues : [];
}

/** The path of an issue (Standard Schema: a list of keys, or of objects with a key), such as `items.0.name`. */
function pathOf({ path }: { readonly path?: unknown }): string {
  if (!Array.isArray(path) || path.length === 0) return 'the message';
  return shorten(
    path
      .map((part: unknown) =>
        typeof part === 'object' && part !== null && 'key' in part ? part.key : part,
      )
      .map(wordOf)
      .join('.'),
  );
}

const nameOf = (thrown: unknown) =>
  thrown instanceof Error ? shorten(wordOf(thrown.name)) : `a thrown ${typeof thrown}`;

/** Returns a key or a name if it is a plain word. A client can choose keys, and a line feed would forge a log line. */
const wordOf = (key: unknown) =>
  ['string', 'number'].includes(typeof key) && /^[\w$-]+$/.test(String(key)) ? String(key) : '?';

const shorten = (text: string) =>
  text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
