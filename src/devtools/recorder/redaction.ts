import { LIFELINE } from '../../core/protocol/frames.ts';
import { isBytes } from './bytes.ts';

/** What stands in place of something that may be secret. */
export const REDACTED = '[redacted]';

/** Leaves out what may be secret. */
export interface Redaction {
  /** Leaves out what the named fields of a value hold, at any depth. The same value if it has none of them. */
  value(value: unknown): unknown;
  /** The same for a text that is JSON, behind the header of a delivery, too. Another text with one of the names is left out whole. */
  text(text: string): string;
}

/** Hides what the text of an error quotes: that of JSON.parse() quotes some letters of the frame. */
export const redactError = (message: string): string => message.replace(/["'].*["']/s, REDACTED);

/** Keeps everything. */
export const NO_REDACTION: Redaction = { value: (value) => value, text: (text) => text };

/** Makes a {@link Redaction}. @param fields - The names of fields of JSON messages. */
export function createRedaction(fields: readonly string[]): Redaction {
  if (fields.length === 0) return NO_REDACTION;
  const names = new Set(fields);
  const words = fields.map((name) => name.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  /** "pin" is no part of "ping". */
  const name = new RegExp(String.raw`(?<!\w)(?:${words.join('|')})(?!\w)`);

  function hideInText(text: string): string {
    // Most frames have none of the names, and need not be parsed. JSON may write any letter as `\u0061`.
    if (!name.test(text) && !text.includes(String.raw`\u`)) return text;
    const json = parse(text);
    if (json !== undefined) {
      const shown = value(json);
      return shown === json ? text : JSON.stringify(shown);
    }
    const end = text.startsWith(LIFELINE) ? text.indexOf('\n') : -1;
    if (end >= 0) return `${hideInText(text.slice(0, end))}\n${hideInText(text.slice(end + 1))}`;
    return name.test(text) ? REDACTED : text;
  }

  /** A field may hold a text that is JSON itself. */
  const hideInField = (field: unknown) =>
    typeof field === 'string' && /^\s*[[{]/.test(field) ? hideInText(field) : field;

  const hide = (key: string, field: unknown) => (names.has(key) ? REDACTED : hideInField(field));

  function value(given: unknown): unknown {
    return typeof given === 'string' ? text(given) : orRedacted(() => replaceIn(given, hide));
  }
  const text = (given: string) => orRedacted(() => hideInText(given)) as string;
  return { value, text };
}

/** A message may be nested too deeply, or have getters that throw. What cannot be searched is not shown. */
function orRedacted(search: () => unknown): unknown {
  try {
    return search();
  } catch {
    return REDACTED;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns what JSON would tell of a value, with other values for some fields; the value itself if all stay what they are. */
function replaceIn(
  value: unknown,
  replace: (key: string, value: unknown) => unknown,
  above: Set<unknown> = new Set(),
): unknown {
  if (typeof value !== 'object' || value === null || isBytes(value)) return value;
  if (above.has(value)) return '[circular]';
  above.add(value);
  const { toJSON } = value as { toJSON?: () => unknown };
  const plain = typeof toJSON === 'function' ? toJSON.call(value) : value;
  const entries = Object.entries(Object(plain)).map(([key, field]) => {
    const replaced = replaceIn(replace(key, field), replace, above);
    return { key, replaced, isSame: replaced === field };
  });
  above.delete(value);
  if (entries.every(({ isSame }) => isSame)) return value;
  return Array.isArray(plain)
    ? entries.map(({ replaced }) => replaced)
    : Object.fromEntries(entries.map(({ key, replaced }) => [key, replaced]));
}

/** Returns a url without user name, password and fragment; the names of its query stay, and their values do not. */
export function redactUrl(url: string): string {
  const [base = '', query] = url.replace(/#.*/s, '').split(/\?(.*)/s);
  const open = base.replace(/^(\w+:)?[\\/]*[^\\/]*@/, '$1//');
  if (!query) return open;
  return `${open}?${query.split('&').map(redactParameter).join('&')}`;
}

/** One without a value may be a token itself, which may end with "=" as base64 does. */
const redactParameter = (parameter: string) =>
  parameter.replace(/^(?:([^=]+)=+(?=[^=]))?.*/s, (_, key) => (key ? `${key}=…` : '…'));

/** The same for the urls in a text. */
export const redactUrls = (text: string): string =>
  text.replace(/\b[a-z][\w+.-]*:\/\/[^\s"'<>]+/gi, redactUrl);
