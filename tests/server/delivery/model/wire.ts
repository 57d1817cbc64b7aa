import { EventEmitter } from 'node:events';
import type { OutFrame } from '../../../../src/core/link/frame.ts';
import type { WebSocketLike } from '../../../../src/core/link/link.ts';
import type { SimulatedClock } from '../../../../src/testing/simulation/clock.ts';

/** Text or bytes, or what ends a link: a close frame, or the end of the byte stream. */
type Packet =
  | { readonly frame: string | Uint8Array }
  | { readonly code: number; readonly reason: string }
  | 'accepted'
  | 'end';

/** How long a frame is on its way, in milliseconds. */
const LATENCY = 5;

const sizeOf = (packet: Packet) =>
  typeof packet === 'object' && 'frame' in packet ? packet.frame.length : 0;

/**
 * One direction of a TCP connection. What was sent arrives in order; from the moment of a cut nothing more does. Part of a frame
 * is no frame, so a cut between two bytes of one is a cut before it.
 */
class Pipe {
  bytes = 0;
  isCut = false;
  latency = LATENCY;
  readonly #clock: SimulatedClock;
  readonly #arrives: (packet: Packet) => void;
  #packets: Packet[] = [];
  #isStalled = false;

  constructor(clock: SimulatedClock, arrives: (packet: Packet) => void) {
    this.#clock = clock;
    this.#arrives = arrives;
  }

  push(packet: Packet): void {
    if (this.isCut) return;
    this.#packets.push(packet);
    this.bytes += sizeOf(packet);
    this.#clock.later(this.latency, this.#next);
  }

  /** Nothing arrives, and nothing is lost. */
  stalls(): void {
    this.#isStalled = true;
  }

  resumes(): void {
    if (!this.#isStalled) return;
    this.#isStalled = false;
    for (const _ of this.#packets) this.#clock.later(0, this.#next);
  }

  /** Only so many of the frames on their way still arrive. */
  cut(arriving: number, isTold: boolean): void {
    if (this.isCut) return;
    this.#packets = this.#packets.slice(0, arriving);
    if (isTold) this.push('end');
    this.bytes = 0;
    this.isCut = true;
    this.resumes();
  }

  readonly #next = (): void => {
    if (this.#isStalled) return;
    const packet = this.#packets.shift();
    if (!packet) return;
    this.bytes = Math.max(0, this.bytes - sizeOf(packet));
    this.#arrives(packet);
  };
}

/** A connection between a page and the server: two pipes, and a WebSocket at each end. */
export class Link {
  readonly clock: SimulatedClock;
  readonly up: Pipe;
  readonly down: Pipe;
  readonly client: ClientSocket;
  readonly server: ServerSocket;
  /** Called with what happens in the page, which may be frozen. */
  inPage: (happens: () => void) => void = (happens) => happens();
  /** Called before a frame reaches the page. */
  onFrame: (frame: string) => void = () => {};
  /** Called when the page hears a close frame. */
  onClose: (code: number) => void = () => {};
  /** Its place among all links. */
  readonly number: number;
  readonly page: object;
  /** The process of the server that has taken it. */
  process = 0;
  /** The frame that has begun its session. */
  session: string | undefined;
  /** When the server has accepted it, on the server's clock. */
  acceptedAt = 0;
  /** The page or the server is not there any more. */
  isClientGone = false;
  isServerGone = false;

  constructor(clock: SimulatedClock, url: string, number: number, page: object) {
    this.clock = clock;
    this.number = number;
    this.page = page;
    this.client = new ClientSocket(this, url);
    this.server = new ServerSocket(this);
    this.up = new Pipe(clock, (packet) => this.isServerGone || this.server.hears(packet));
    this.down = new Pipe(clock, (packet) =>
      this.inPage(() => this.isClientGone || this.client.hears(packet)),
    );
  }

  /** Both ends learn what has become of it. */
  recovers(): void {
    this.up.latency = this.down.latency = LATENCY;
    this.up.resumes();
    this.down.resumes();
    if (!this.up.isCut && !this.down.isCut) return;
    this.clock.later(0, () => {
      this.client.fails();
      this.server.hears('end');
    });
  }
}

type Listener = (event: never) => void;

/** How long a browser waits for the answer to a close frame, in milliseconds (measured in Chromium). */
const CLOSE_TIMEOUT = 60_000;

/** The page's end of a link, as strict as a browser's. */
export class ClientSocket implements WebSocketLike {
  binaryType = 'blob';
  readyState = 0;
  readonly bufferedAmount = 0;
  readonly url: string;
  readonly protocol = '';
  readonly extensions = '';
  readonly link: Link;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(link: Link, url: string) {
    this.link = link;
    this.url = url;
  }

  send(frame: OutFrame): void {
    if (this.readyState === 0) throw new Error('Still in CONNECTING state.');
    if (this.readyState > 1) return;
    this.link.up.push({
      frame: typeof frame === 'string' ? frame : Buffer.from(frame as Uint8Array),
    });
  }

  close(code = 1005, reason = ''): void {
    if (this.readyState > 1) return;
    const { up, clock } = this.link;
    if (this.readyState === 0) up.cut(0, true);
    else up.push({ code, reason });
    this.readyState = 2;
    clock.later(CLOSE_TIMEOUT, () => this.readyState < 3 && this.#loses());
  }

  /** The handshake has failed. */
  fails(): void {
    if (this.readyState < 3 && !this.link.isClientGone) this.#loses();
  }

  hears(packet: Packet): void {
    if (this.readyState === 3) return;
    if (packet === 'end') return this.#loses();
    if (packet === 'accepted') {
      if (this.readyState > 0) return;
      this.readyState = 1;
      return this.#fire('open', {});
    }
    if ('code' in packet) {
      if (this.readyState < 2) this.link.up.push(packet);
      this.readyState = 3;
      this.link.onClose(packet.code);
      return this.#fire('close', { ...packet, wasClean: true });
    }
    if (this.readyState !== 1) return;
    const { frame } = packet;
    this.link.onFrame(String(frame));
    this.#fire('message', { data: typeof frame === 'string' ? frame : copyOf(frame) });
  }

  addEventListener(type: string, listener: Listener): void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  #loses(): void {
    this.readyState = 3;
    this.link.up.cut(Infinity, true);
    this.#fire('error', {});
    this.#fire('close', { code: 1006, reason: '', wasClean: false });
  }

  #fire(type: string, event: object): void {
    if (this.link.isClientGone) return;
    for (const listener of this.#listeners.get(type) ?? []) listener({ type, ...event } as never);
  }
}

const copyOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  buffer.slice(byteOffset, byteOffset + byteLength);

/** The server's end of a link, as the server sees a socket of `ws`. */
export class ServerSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly link: Link;

  constructor(link: Link) {
    super();
    this.link = link;
  }

  get bufferedAmount(): number {
    return this.link.down.bytes;
  }

  send(data: string | Uint8Array, { binary }: { readonly binary: boolean }): void {
    if (this.readyState !== 1) return;
    const frame = binary ? Buffer.from(data as Uint8Array) : String(data);
    this.link.down.push({ frame });
  }

  /** Browsers answer pings by themselves. */
  ping(): void {
    this.link.clock.later(10, () => this.readyState === 1 && this.emit('pong'));
  }

  close(code = 1005, reason = ''): void {
    if (this.readyState > 1) return;
    this.readyState = 2;
    this.link.down.push({ code, reason });
  }

  terminate(): void {
    if (this.readyState === 3) return;
    this.readyState = 2;
    this.link.down.push('end');
    this.link.up.cut(0, false);
    this.#ends(1006, '');
  }

  hears(packet: Packet): void {
    if (this.readyState === 3 || packet === 'accepted') return;
    if (packet === 'end') return this.#ends(1006, '');
    if ('code' in packet) {
      this.close(packet.code, packet.reason);
      return this.#ends(packet.code, packet.reason);
    }
    const { frame } = packet;
    if (typeof frame === 'string' && frame.startsWith('{"lifeline":"session"'))
      this.link.session ??= frame;
    this.emit('message', Buffer.from(frame as Uint8Array), typeof frame !== 'string');
  }

  #ends(code: number, reason: string): void {
    this.link.clock.later(0, () => {
      if (this.readyState === 3 || this.link.isServerGone) return;
      this.readyState = 3;
      this.emit('close', code, Buffer.from(reason));
    });
  }
}

/** The socket of an upgrade request, before it is a WebSocket. */
export class UpgradeSocket extends EventEmitter {
  readonly link: Link;
  destroyed = false;
  writableEnded = false;
  readonly readableFlowing = null;

  constructor(link: Link) {
    super();
    this.link = link;
  }

  /** The server refuses the request. */
  end(): void {
    this.writableEnded = true;
    this.link.down.push('end');
    this.emit('finish');
  }

  destroy(): void {
    this.destroyed = true;
    this.link.down.push('end');
  }
}
