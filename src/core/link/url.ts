/** The url as the WebSocket standard resolves it. What it cannot resolve is left for the constructor to refuse. */
export function resolveUrl(url: string): string {
  if (/^wss?:/i.test(url)) return url;
  try {
    const resolved = new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href);
    resolved.protocol = resolved.protocol.replace('http', 'ws');
    return resolved.href;
  } catch {
    return url;
  }
}

/** A url without the parts that may be secret: query, fragment, user info. */
export const withoutSecrets = (url: string): string =>
  url.replace(/[?#].*/s, '').replace(/^(\w+:)?[\\/]*[^\\/]*@/, '$1//');
