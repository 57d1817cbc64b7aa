import { baseUrl } from '../platform/environment.ts';

/** Resolves a url as the WebSocket standard does. An invalid url is returned as it is: the WebSocket constructor refuses it. */
export function resolveUrl(url: string): string {
  try {
    // The URL of React Native has no setters, and appends a slash: it must not see a whole url.
    const whole = /^(ws|http)s?:\/\//i.test(url) ? url : new URL(url, baseUrl()).href;
    return whole.replace(/^http/i, 'ws');
  } catch {
    return url;
  }
}

/** Returns a url without the parts that may be secret: query, fragment, user name and password. */
export const withoutSecrets = (url: string): string =>
  url.replace(/[?#].*/s, '').replace(/^(\w+:)?[\\/]*[^\\/]*@/, '$1//');
