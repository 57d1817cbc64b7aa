import { LIFELINE } from '../../core/protocol/frames.ts';
import { isBytes } from './bytes.ts';

/** What stands in place of something that may be secret. */
export const REDACTED = '[redacted]';

/** Leaves out what may be secret. */
export interface Redaction {
  /**
   * Leaves out what the named fields of a value hold, at any depth; the same value if it has none of them. A text may be JSON, behind
   * the header of a delivery, too. Another text with one of the names is left out whole, and so are bytes, which cannot be searched.
   */
  value(value: unknown): unknown;
}

/** Hides what the text of an error quotes: that of JSON.parse() quotes some letters of the frame. */
export const redactError = (message: string): string => message.replace(/["'].*["']/s, REDACTED);

/** Keeps everything. */
export const NO_REDACTION: Redaction = { value: (value) => value };

/** Makes a {@link Redaction}. @param fields - The names of fields of JSON messages. */
export function createRedaction(fields: readonly string[]): Redaction {
  if (fields.length === 0) return NO_REDACTION;
  const secret = new Set(fields);
  const patterns = fields.map((field) => field.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  /** Whole words only: "pin" must not match "ping". */
  const anyField = new RegExp(String.raw`(?<!\w)(?:${patterns.join('|')})(?!\w)`);

  /** A message may be nested too deeply, or have getters that throw. What cannot be searched is not shown. */
  function hide(message: unknown): unknown {
    try {
      return typeof message === 'string' ? hideInText(message) : replaceIn(message, search);
    } catch {
      return REDACTED;
    }
  }

  function hideInText(text: string): string {
    // Most frames have none of the names, and need not be parsed. JSON may write the letters of a name in other ways, by "\".
    if (!anyField.test(text) && !text.includes('\\')) return text;
    const json = parse(text);
    if (json !== undefined) {
      const shown = hide(json);
      return shown === json ? text : JSON.stringify(shown);
    }
    const end = text.startsWith(LIFELINE) ? text.indexOf('\n') : -1;
    if (end >= 0) return `${hideInText(text.slice(0, end))}\n${hideInText(text.slice(end + 1))}`;
    return anyField.test(text) ? REDACTED : text;
  }

  const search: Search = {
    hideInText,
    hideField(name, held) {
      if (secret.has(name)) return REDACTED;
      // It may hold a text that is JSON itself.
      return typeof held === 'string' && /^\s*[[{]/.test(held) ? hideInText(held) : held;
    },
  };
  return { value: hide };
}

/** What to leave out of the parts of a value. */
interface Search {
  hideInText(text: string): string;
  hideField(name: string, held: unknown): unknown;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns what JSON would tell of a value, without what a search leaves out; the value itself if that is nothing. */
function replaceIn(value: unknown, search: Search, above: Set<unknown> = new Set()): unknown {
  if (isBytes(value)) return REDACTED;
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  const { toJSON } = value as { toJSON?: () => unknown };
  const plain = typeof toJSON === 'function' ? toJSON.call(value) : value;
  if (typeof plain === 'string') {
    const shown = search.hideInText(plain);
    return shown === plain ? value : shown;
  }
  above.add(value);
  const entries = Object.entries(Object(plain)).map(([name, held]) => {
    const shown = replaceIn(search.hideField(name, held), search, above);
    return { name, shown, isSame: Object.is(shown, held) };
  });
  above.delete(value);
  if (entries.every(({ isSame }) => isSame)) return value;
  return Array.isArray(plain)
    ? entries.map(({ shown }) => shown)
    : Object.fromEntries(entries.map(({ name, shown }) => [name, shown]));
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
  text.replace(/\b[a-z][\w+.-]{0,30}:\/\/[^\s"'<>]+/gi, redactUrl);
