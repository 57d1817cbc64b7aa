/**
 * A version 4 UUID. It is a name, not a secret: `crypto.randomUUID` is missing on pages without https, and
 * `Math.random` is everywhere.
 */
export const createUuid = (): string =>
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () =>
    Math.floor(Math.random() * 16).toString(16),
  );
