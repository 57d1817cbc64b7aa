import type { WebSocketLike } from '../../src/core.ts';

let links = 0;

/** The browser's own, which puts a number for its link into the url, so that page and server mean the same one. */
export class NumberedSocket extends WebSocket {
  constructor(url: string, protocols?: string | string[]) {
    super(`${url}${url.includes('?') ? '&' : '?'}link=${++links}`, protocols);
  }
}

/** The number of a socket's link. */
export const linkOf = (socket: WebSocketLike | null): number =>
  Number(new URL(socket?.url ?? 'ws://none').searchParams.get('link') ?? Number.NaN);
