import { baseUrl } from '../platform/environment.ts';

/** Resolves a url as the WebSocket standard does. An invalid url is returned as it is: the WebSocket constructor refuses it. */
export function resolveUrl(url: string): string {
  if (/^wss?:/i.test(url)) return url;
  try {
    const resolved = new URL(url, baseUrl());
    resolved.protocol = resolved.protocol.replace('http', 'ws');
    return resolved.href;
  } catch {
    return url;
  }
}

/** Returns a url without the parts that may be secret: query, fragment, user name and password. */
export const withoutSecrets = (url: string): string =>
  url.replace(/[?#].*/s, '').replace(/^(\w+:)?[\\/]*[^\\/]*@/, '$1//');
