import type { OutFrame } from '../../core/link/frame.ts';
import { byteLength } from '../../core/link/frame.ts';
import type { WebSocketLike } from '../../core/link/link.ts';
import { type Conditions, ServerEnd } from './server-end.ts';

type Listener = (event: never) => void;

/** How long a browser waits for a close frame that never comes, in milliseconds (measured in Chromium). */
const CLOSE_TIMEOUT = 60_000;

/** The client's end of a simulated WebSocket, as strict as a browser's. */
export class SimulatedSocket implements WebSocketLike {
  binaryType = 'blob';
  bufferedAmount = 0;
  readyState = 0;
  readonly url: string;
  readonly protocols: string | string[] | undefined;
  readonly extensions = '';
  /** The first one that is offered, unless the server chooses another. */
  protocol: string;
  readonly server: ServerEnd;
  /** The frames given to send() while the socket was open. */
  readonly sent: OutFrame[] = [];
  /** The frames given to send() too late, which a socket ignores without an error. */
  readonly ignored: OutFrame[] = [];
  closedWith: { readonly code: number | undefined; readonly reason: string | undefined } | null =
    null;
  /** The number of listeners, without those for errors: an abandoned socket keeps one of them. */
  listenerCount = 0;
  readonly #listeners = new Map<string, Set<Listener>>();

  readonly #conditions: Conditions;

  constructor(conditions: Conditions, url: string, protocols?: string | string[]) {
    this.#conditions = conditions;
    this.url = url;
    this.protocols = protocols;
    this.protocol = [protocols ?? ''].flat()[0] ?? '';
    this.server = new ServerEnd(this, conditions);
  }

  send(frame: OutFrame): void {
    if (this.readyState === 0)
      throw new DOMException('Still in CONNECTING state.', 'InvalidStateError');
    if (this.readyState > 1) {
      this.ignored.push(frame);
      this.bufferedAmount += byteLength(frame) ?? 0;
      return;
    }
    this.sent.push(frame);
    if (this.#conditions.uplinkIsStuck) this.bufferedAmount += byteLength(frame) ?? 0;
    else this.server.receives(frame);
  }

  close(code?: number, reason?: string): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999))
      throw new DOMException(`The code ${code} is not allowed.`, 'InvalidAccessError');
    if (this.readyState > 1) return;
    this.closedWith = { code, reason };
    const connecting = this.readyState === 0;
    this.readyState = 2;
    const wait = this.server.isReachable ? this.#conditions.latency : CLOSE_TIMEOUT;
    this.#conditions.clock.later(wait, () => {
      if (this.readyState === 3) return;
      if (connecting || !this.server.isReachable) this.server.clientGivesUp();
      else this.server.closesWith(code ?? 1005, reason);
    });
  }

  addEventListener(type: string, listener: Listener): void {
    let listeners = this.#listeners.get(type);
    if (!listeners) this.#listeners.set(type, (listeners = new Set()));
    listeners.add(listener);
    this.#count();
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener);
    this.#count();
  }

  /** Calls the listeners in any state: events of a network can be late. */
  fire(type: string, event: object = {}): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ type, ...event } as never);
    this.#conditions.afterEvent?.(this, type, event);
  }

  /** The number of listeners for a type of event. */
  listenersOf(type: string): number {
    return this.#listeners.get(type)?.size ?? 0;
  }

  #count(): void {
    this.listenerCount = 0;
    for (const [type, { size }] of this.#listeners)
      if (type !== 'error') this.listenerCount += size;
  }

  /** Whether it is connecting or open. */
  get isLive(): boolean {
    return this.readyState < 2;
  }
}
