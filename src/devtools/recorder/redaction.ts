import { LIFELINE } from '../../core/protocol/frames.ts';

/** What stands in place of something that may be secret. */
export const REDACTED = '[redacted]';

/** Leaves out what may be secret. */
export interface Redaction {
  /** Leaves out what the named fields of a value hold, at any depth. */
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
  const marks = fields.map((name) => JSON.stringify(name));
  const hide = (key: string, value: unknown) => (names.has(key) ? REDACTED : value);
  function hideIn(text: string): string {
    // Most frames have none of the names, and need not be parsed.
    if (!marks.some((mark) => text.includes(mark))) return text;
    try {
      return JSON.stringify(JSON.parse(text, hide));
    } catch {
      const end = text.startsWith(LIFELINE) ? text.indexOf('\n') : -1;
      return end < 0 ? REDACTED : `${hideIn(text.slice(0, end))}\n${hideIn(text.slice(end + 1))}`;
    }
  }
  return {
    value(value) {
      if (typeof value !== 'object' || value === null) return value;
      return replaceIn(value, hide, new Set());
    },
    text: hideIn,
  };
}

/** Copies plain objects and arrays, with other values for some fields. All else stays what it is. */
function replaceIn(
  value: unknown,
  replace: (key: string, value: unknown) => unknown,
  above: Set<unknown>,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isArray = Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isArray && prototype !== Object.prototype && prototype !== null) return value;
  if (above.has(value)) return '[circular]';
  above.add(value);
  const copy = isArray
    ? value.map((item: unknown) => replaceIn(item, replace, above))
    : Object.fromEntries(
        Object.entries(value).map(([key, field]) => [
          key,
          replaceIn(replace(key, field), replace, above),
        ]),
      );
  above.delete(value);
  return copy;
}

/** Returns a url without user name, password and fragment; the names of its query stay, and their values do not. */
export function redactUrl(url: string): string {
  const [base = '', query] = url.replace(/#.*/s, '').split(/\?(.*)/s);
  const open = base.replace(/^(\w+:)?[\\/]*[^\\/]*@/, '$1//');
  if (!query) return open;
  return `${open}?${query.replace(/=[^&]*/g, '=…')}`;
}
