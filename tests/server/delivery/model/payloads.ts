/** The forms of a payload. Many look like the words of the protocol. */
export const FORMS = {
  plain: (id: string) => id,
  words: (id: string) => `{"lifeline":"taken","number":99,"x":"${id}"}`,
  lines: (id: string) => `{"lifeline":"skip","count":3}\n${id}`,
  mark: (id: string) => `\uFEFF{"lifeline":"leave","x":"${id}"}`,
  binary: (id: string) => `${id} in bytes`,
  'binary words': (id: string) => `{"lifeline":"request","id":1}\n${id} in bytes`,
  'does not fit': (id: string) => `!${id}`,
  'too large': (id: string) => id + '.'.repeat(2_000),
  large: (id: string) => id + '.'.repeat(1_500),
} as const;

export type Form = keyof typeof FORMS;

/** A frame, or the payload of one, as a text. */
export const textOf = (message: unknown): string =>
  typeof message === 'string' ? message : Buffer.from(message as ArrayBuffer).toString();
