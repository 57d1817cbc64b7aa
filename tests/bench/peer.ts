import type { WebSocket } from 'ws';
import type { TcpProxy } from '../support/tcp-proxy.ts';

/** The server's view of a page. */
export class Peer {
  readonly proxy: TcpProxy | null;
  /** Its open sockets. */
  readonly sockets = new Set<WebSocket>();
  /** The number of sockets opened so far. */
  opened = 0;
  /** The number of frames received since the last play. */
  received = 0;
  #accepts = false;
  #waiting: (() => void)[] = [];

  constructor(proxy: TcpProxy | null) {
    this.proxy = proxy;
  }

  /** Checks the conditions of `until()` again. */
  changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async until(test: () => boolean): Promise<void> {
    while (!test()) {
      // oxlint-disable-next-line no-await-in-loop -- one change after another
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** The open socket of the page. */
  async socket(): Promise<WebSocket> {
    await this.until(() => this.sockets.size > 0);
    const [socket] = this.sockets;
    if (!socket) throw new Error('The page has no socket.');
    return socket;
  }

  /** Accepts an upgrade that was held back. */
  accept(): void {
    this.#accepts = true;
    this.changed();
  }

  async accepted(): Promise<void> {
    await this.until(() => this.#accepts);
    this.#accepts = false;
  }
}
