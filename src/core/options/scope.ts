import type { ConnectionOptions } from './options.ts';

/** Returns the scope that the options give: null without a url, undefined if a url function must be called to know it. */
export function scopeOf({
  url,
  scope,
}: Pick<ConnectionOptions<never, never>, 'url' | 'scope'>): string | null | undefined {
  if (url === null || url === undefined) return null;
  return scope ?? (typeof url === 'function' ? undefined : String(url));
}
