import type { Link } from './link.ts';

/** The close code for an expired token, like 401 in HTTP. */
const UNAUTHORIZED = 4401;

/** Makes a token that is valid for so long. An app would get it from its own server. */
export function issueToken(milliseconds: number): string {
  return String(Date.now() + milliseconds);
}

/** Ends a link when its token expires; at once if it has expired. Null is a guest without a token. */
export function admit(link: Link, token: string | null): () => void {
  if (token === null) return () => {};
  // A forged token is not a number, and has expired.
  const left = Math.max(0, Number(token) - Date.now() || 0);
  const timer = setTimeout(() => link.close(UNAUTHORIZED, 'token expired'), left);
  return () => clearTimeout(timer);
}
