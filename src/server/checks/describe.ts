/** Options, and names of events, whose texts are no secrets, so that an error can show what was given. */
const SHOWN: readonly string[] = ['port', 'host', 'path', 'origins', 'protocols', 'event'];

/** The longest text that an error shows, in UTF-16 code units. */
const MAX_LENGTH = 100;

/** Describes a value by its kind, without its content: texts and objects may hold secrets. */
export function describe(value: unknown): string {
  if (value === null || ['number', 'boolean', 'undefined'].includes(typeof value))
    return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Describes the wrong value of an option: its texts if they are no secrets, otherwise its kind. */
export function describeOption(name: string, value: unknown): string {
  if (!SHOWN.includes(name)) return describe(value);
  const text = Array.isArray(value) ? `[${value.map(show).join(', ')}]` : show(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

const show = (value: unknown) =>
  typeof value === 'string' ? JSON.stringify(value) : describe(value);
