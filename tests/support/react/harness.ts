import { act } from '@testing-library/react';
import { type Client, Server, WebSocket } from 'mock-socket';
import { beforeEach, onTestFinished, vi } from 'vitest';
import { takeReports } from '../reports.ts';

/** Every socket that the present test made. */
const sockets: WebSocket[] = [];

class RecordedSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    sockets.push(this);
  }
}

/** mock-socket keeps its listeners where a test can count them. */
interface Listeners {
  readonly listeners: Record<string, unknown[] | undefined>;
}

/** For a file of tests of hooks: fake time, and mock-socket as the platform's WebSocket. */
export function setup(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', RecordedSocket);
    sockets.length = 0;
  });
}

/** Takes what React reports of errors that components threw. The old one says it more than once, and adds a text. */
export function takeRenderErrors(): string[] {
  const reports = takeReports().map(String);
  return [...new Set(reports.filter((report) => !report.startsWith('The above error occurred ')))];
}

/** Lets time pass, with everything that React and the connections do meanwhile. */
export const advance = (ms: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });

/** Time enough for a handshake, a closing one, or a message to the server: mock-socket takes 4 ms. */
export const settle = (): Promise<void> => advance(10);

let served = 0;

/** Starts a server at a url of its own. */
export function serve(): TestServer {
  return new TestServer(`ws://server-${++served}.test/`);
}

/** A server that remembers what it has seen. */
export class TestServer {
  readonly url: string;
  /** Called for every new link. */
  onLink: (link: Client) => void = () => {};
  /** Every link there ever was, the first one first. */
  readonly links: Client[] = [];
  /** The text frames that came in. */
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

  /** Links that are open now. */
  get open(): number {
    return this.links.filter((link) => link.readyState === WebSocket.OPEN).length;
  }

  /** Handshakes that were begun, with the query of each url. */
  get dialled(): string[] {
    return sockets.map(({ url }) => url).filter((url) => url.startsWith(this.url));
  }

  /** Sockets that are not closed, and listeners left on any of them but the silent one for errors. */
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

  /** Sends a frame to all clients, which have it on return. */
  send(...frames: string[]): void {
    for (const frame of frames)
      act(() => {
        for (const link of this.links) if (link.readyState === WebSocket.OPEN) link.send(frame);
      });
  }

  /** Closes all links, from the server's side. */
  async drop(code: number, reason = ''): Promise<void> {
    for (const link of this.links)
      if (link.readyState === WebSocket.OPEN) link.close({ code, reason, wasClean: code !== 1006 });
    await settle();
  }

  /** Refuses new links, until `start()`. */
  stop(): void {
    this.#server.stop();
  }

  start(): void {
    this.#server = this.#listen();
  }
}
