import { act } from '@testing-library/react';
import { type Client, Server, WebSocket } from 'mock-socket';
import { beforeEach, onTestFinished, vi } from 'vitest';
import { takeReports } from '../reports.ts';

/** Every socket of the present test. */
const sockets: WebSocket[] = [];

class RecordedSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    sockets.push(this);
  }
}

/** The listeners of a mock-socket, by type. */
interface Listeners {
  readonly listeners: Record<string, unknown[] | undefined>;
}

/** For a test file of hooks: fake timers, and mock-socket as the global WebSocket. */
export function setup(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', RecordedSocket);
    sockets.length = 0;
  });
}

/** Takes the errors of components that React reported. React 18 reports each more than once, with an extra text. */
export function takeRenderErrors(): string[] {
  const reports = takeReports().map(String);
  return [...new Set(reports.filter((report) => !report.startsWith('The above error occurred ')))];
}

/** Advances the fake timers, inside act(). */
export const advance = (ms: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });

/** Waits long enough for a handshake, a close or a message to the server: mock-socket takes 4 ms. */
export const settle = (): Promise<void> => advance(10);

let served = 0;

/** Starts a server with its own url. */
export function serve(): TestServer {
  return new TestServer(`ws://server-${++served}.test/`);
}

/** A server that records links and messages. */
export class TestServer {
  readonly url: string;
  /** Called for every new link. */
  onLink: (link: Client) => void = () => {};
  /** All links so far, the first one first. */
  readonly links: Client[] = [];
  /** The received text frames. */
  readonly received: string[] = [];
  #server: Server;

  constructor(url: string) {
    this.url = url;
    this.#server = this.#listen();
    onTestFinished(() => this.#server.stop());
  }

  #listen(): Server {
    const server = new Server(this.url, { mock: false });
    server.on('connection', (link) => {
      this.links.push(link);
      this.onLink(link);
      link.on('message', (frame) => this.received.push(frame as string));
    });
    return server;
  }

  get name(): string {
    return new URL(this.url).hostname;
  }

  /** The number of open links. */
  get open(): number {
    return this.links.filter((link) => link.readyState === WebSocket.OPEN).length;
  }

  /** The urls of all handshakes, with their queries. */
  get handshakes(): string[] {
    return sockets.map(({ url }) => url).filter((url) => url.startsWith(this.url));
  }

  /** The number of sockets that are not closed, and of listeners left on any socket but those for errors. */
  get leftovers(): { sockets: number; listeners: number } {
    const own = sockets.filter(({ url }) => url.startsWith(this.url));
    return {
      sockets: own.filter(({ readyState }) => readyState !== WebSocket.CLOSED).length,
      listeners: own
        .flatMap((socket) => Object.entries((socket as unknown as Listeners).listeners))
        .filter(([type]) => !['error', 'server::message'].includes(type))
        .reduce((sum, [, list]) => sum + (list?.length ?? 0), 0),
    };
  }

  /** Sends frames to all clients, which have them on return. */
  send(...frames: string[]): void {
    for (const frame of frames)
      act(() => {
        for (const link of this.links) if (link.readyState === WebSocket.OPEN) link.send(frame);
      });
  }

  /** Closes all links from the server. */
  async drop(code: number, reason = ''): Promise<void> {
    for (const link of this.links)
      if (link.readyState === WebSocket.OPEN) link.close({ code, reason, wasClean: code !== 1006 });
    await settle();
  }

  /** Refuses new links until `start()`. */
  stop(): void {
    this.#server.stop();
  }

  start(): void {
    this.#server = this.#listen();
  }
}
