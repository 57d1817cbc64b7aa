import { expect, vi } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { ClientLifelineFrame } from '../../../src/core/protocol/frames.ts';

export interface VisitorOptions extends ClientOptions {
  /** The subprotocols that it offers. */
  readonly protocols?: string[];
}

/** A client of ws that keeps all received frames, so that no frame is missed between two waits. */
export class Visitor {
  readonly socket: WebSocket;
  readonly received: (string | Buffer)[] = [];
  /** Resolve when known: the HTTP status of the upgrade, and the close code with its reason. */
  readonly status: Promise<number>;
  readonly closed: Promise<readonly [code: number, reason: string]>;

  constructor(url: string, { protocols = [], ...options }: VisitorOptions = {}) {
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('message', (data: Buffer, binary) =>
      this.received.push(binary ? data : String(data)),
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

  send(message: string | Uint8Array | ClientLifelineFrame): void {
    const isFrame = typeof message === 'string' || message instanceof Uint8Array;
    this.socket.send(isFrame ? message : JSON.stringify(message));
  }

  /** Waits until it has received this, besides other frames. */
  async receives(expected: unknown): Promise<void> {
    const isFrame = typeof expected === 'string' || expected instanceof Uint8Array;
    await vi.waitFor(
      () => {
        const received = this.received.map((frame) => (isFrame ? frame : parse(frame)));
        // oxlint-disable-next-line vitest/no-standalone-expect -- only tests call this
        expect(received).toContainEqual(expected);
      },
      { interval: 5 },
    );
  }

  /** Waits until the server has read and answered everything sent so far. */
  async roundTrip(): Promise<void> {
    const timestamp = performance.now();
    this.send({ lifeline: 'ping', timestamp });
    await this.receives({ lifeline: 'pong', timestamp });
  }
}

function parse(frame: string | Buffer): unknown {
  if (typeof frame !== 'string' || !frame.startsWith('{')) return frame;
  try {
    return JSON.parse(frame);
  } catch {
    return frame; // A header and a payload.
  }
}
