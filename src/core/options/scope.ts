import type { ConnectionOptions } from './options.ts';

/** What the options say that the data belongs to: null without a url, undefined until the url function has answered. */
export function scopeOf({
  url,
  scope,
}: Pick<ConnectionOptions<never, never>, 'url' | 'scope'>): string | null | undefined {
  if (url === null || url === undefined) return null;
  return scope ?? (typeof url === 'function' ? undefined : String(url));
}
