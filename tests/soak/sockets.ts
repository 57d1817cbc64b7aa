import type { WebSocketLike } from '../../src/core.ts';

let links = 0;

/** A browser socket that adds the number of its link to the url, so that page and server use the same number. */
export class NumberedSocket extends WebSocket {
  constructor(url: string, protocols?: string | string[]) {
    super(`${url}${url.includes('?') ? '&' : '?'}link=${++links}`, protocols);
  }
}

/** The number of the link of a socket. */
export const linkOf = (socket: WebSocketLike | null): number =>
  Number(new URL(socket?.url ?? 'ws://none').searchParams.get('link') ?? Number.NaN);
