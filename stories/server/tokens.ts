import type { Link } from './link.ts';

/** The close code for a token that is no longer good: "log in again", as 401 in HTTP. */
const UNAUTHORIZED = 4401;

/** Makes a token that is good for so long; one would ask one's own server for it. */
export function issueToken(milliseconds: number): string {
  return String(Date.now() + milliseconds);
}

/** Ends a link when its token does: at once, where that was before. Null is a guest, who may stay. */
export function admit(link: Link, token: string | null): () => void {
  if (token === null) return () => {};
  const left = Math.max(0, Number(token) - Date.now());
  // Not a number: no token of ours, and 0 for setTimeout.
  const timer = setTimeout(() => link.close(UNAUTHORIZED, 'token expired'), left);
  return () => clearTimeout(timer);
}
