import { expect, vi } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { ClientLifelineFrame } from '../../../src/core/protocol/frames.ts';

/** A client of ws that remembers what it hears, so that no frame is missed between two waits. */
export class Visitor {
  readonly socket: WebSocket;
  readonly heard: (string | Buffer)[] = [];
  /** The status that the upgrade was answered with, the close code, and its reason, once there are such. */
  readonly status: Promise<number>;
  readonly closed: Promise<readonly [code: number, reason: string]>;

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data: Buffer, binary) =>
      this.heard.push(binary ? data : String(data)),
    );
    this.socket.on('error', () => {}); // 'close' follows
    this.status = new Promise((resolve) => {
      this.socket.once('open', () => resolve(101));
      this.socket.once('unexpected-response', (request, response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
    });
    this.closed = new Promise((resolve) =>
      this.socket.once('close', (code, reason) => resolve([code, String(reason)])),
    );
  }

  say(message: string | Uint8Array | ClientLifelineFrame): void {
    const isFrame = typeof message === 'string' || message instanceof Uint8Array;
    this.socket.send(isFrame ? message : JSON.stringify(message));
  }

  /** Waits until it has heard this, whatever else it heard. */
  async hears(expected: unknown): Promise<void> {
    const isFrame = typeof expected === 'string' || expected instanceof Uint8Array;
    await vi.waitFor(
      () => {
        const heard = this.heard.map((frame) => (isFrame ? frame : parse(frame)));
        // oxlint-disable-next-line vitest/no-standalone-expect -- only tests call this
        expect(heard).toContainEqual(expected);
      },
      { interval: 5, timeout: 5_000 },
    );
  }

  /** Waits until the server has read all that was said, and answered it. */
  async roundTrip(): Promise<void> {
    const timestamp = performance.now();
    this.say({ lifeline: 'ping', timestamp });
    await this.hears({ lifeline: 'pong', timestamp });
  }
}

function parse(frame: string | Buffer): unknown {
  return typeof frame === 'string' && frame.startsWith('{') ? JSON.parse(frame) : frame;
}
