/**
 * Makes a version 4 UUID. It uses `Math.random`, because `crypto.randomUUID` does not exist on pages without https. The id
 * is unique but not secret.
 */
export const createUuid = (): string =>
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () =>
    Math.floor(Math.random() * 16).toString(16),
  );
