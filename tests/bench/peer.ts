import type { WebSocket } from 'ws';
import type { TcpProxy } from '../support/tcp-proxy.ts';

/** A page, as the server knows it. */
export class Peer {
  readonly proxy: TcpProxy | null;
  /** Its sockets that are open. */
  readonly sockets = new Set<WebSocket>();
  /** How many sockets it has opened, ever. */
  opened = 0;
  /** How many frames came since the last play. */
  received = 0;
  #accepts = false;
  #waiting: (() => void)[] = [];

  constructor(proxy: TcpProxy | null) {
    this.proxy = proxy;
  }

  /** Something may have come true. */
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

  /** The socket to talk to. */
  async socket(): Promise<WebSocket> {
    await this.until(() => this.sockets.size > 0);
    const [socket] = this.sockets;
    if (!socket) throw new Error('The page has no socket.');
    return socket;
  }

  /** Lets in who was held up at the door. */
  accept(): void {
    this.#accepts = true;
    this.changed();
  }

  async accepted(): Promise<void> {
    await this.until(() => this.#accepts);
    this.#accepts = false;
  }
}
