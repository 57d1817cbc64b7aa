import { act } from '@testing-library/react';
import { beforeEach, onTestFinished, vi } from 'vitest';
import type { Frame, OutFrame } from '../../../src/index.ts';
import { SimulatedNetwork } from '../../../src/testing/simulation/network.ts';
import type { ServerEnd, Timeline } from '../../../src/testing/simulation/server-end.ts';
import type { SimulatedSocket } from '../../../src/testing/simulation/socket.ts';
import { takeReports } from '../reports.ts';

/** The fake timers of the runner: these tests are about the clock, the timers and the globals that an app has. */
const fakeTimers: Timeline = {
  now: () => Date.now(),
  later: (ms, run) => void setTimeout(run, ms),
};

/** A network that leads to the servers of the present test. */
class Network extends SimulatedNetwork {
  override latency = 4;
  override refusesWrongUrls = true;
  readonly servers: TestServer[] = [];

  protected override dials(socket: SimulatedSocket): void {
    this.clock.later(this.latency, () => {
      if (socket.readyState !== 0) return;
      const server = this.servers.find(({ url }) => socket.url.startsWith(url));
      if (server?.isRunning) server.accept(socket);
      else socket.server.refuses();
    });
  }

  override receives(frame: OutFrame, at: ServerEnd): void {
    for (const server of this.servers)
      for (const link of server.links) if (link.end === at) server.receive(frame, link);
  }
}

let network = new Network(fakeTimers);

/** For a test file of hooks: fake timers, and a simulated network behind the global WebSocket. */
export function setup(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    network = new Network(fakeTimers);
    vi.stubGlobal('WebSocket', network.WebSocket);
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

/** Waits long enough for a handshake or a close, which take 4 ms. */
export const settle = (): Promise<void> => advance(10);

let served = 0;

/** Starts a server with its own url. */
export function serve(): TestServer {
  const server = new TestServer(`ws://server-${++served}.test/`);
  network.servers.push(server);
  onTestFinished(() => server.stop());
  return server;
}

/** A link, as its server sees it. */
interface Link {
  readonly end: ServerEnd;
  send(frame: Frame): void;
  close(code?: number, reason?: string): void;
}

/** A server that records links and messages. */
export class TestServer {
  readonly url: string;
  /** Whether it takes new links. */
  isRunning = true;
  /** Called for every new link. */
  onLink: (link: Link) => void = () => {};
  /** Called for every frame. */
  onFrame: (frame: OutFrame, link: Link) => void = () => {};
  /** All links so far, the first one first. */
  readonly links: Link[] = [];
  /** The received text frames. */
  readonly received: string[] = [];

  constructor(url: string) {
    this.url = url;
  }

  accept({ server: end }: SimulatedSocket): void {
    const link: Link = {
      end,
      send: (frame) => end.sends(frame),
      close: (code = 1000, reason = '') =>
        code === 1006 ? end.breaks() : end.closesWith(code, reason),
    };
    this.links.push(link);
    end.accepts();
    this.onLink(link);
  }

  receive(frame: OutFrame, link: Link): void {
    this.received.push(frame as string);
    this.onFrame(frame, link);
  }

  get name(): string {
    return new URL(this.url).hostname;
  }

  get #sockets(): readonly SimulatedSocket[] {
    return network.sockets.filter(({ url }) => url.startsWith(this.url));
  }

  /** The number of open links. */
  get open(): number {
    return this.#sockets.filter(({ readyState }) => readyState === 1).length;
  }

  /** The urls of all handshakes, with their queries. */
  get handshakes(): string[] {
    return this.#sockets.map(({ url }) => url);
  }

  /** The number of sockets that are not closed, and of listeners left on any socket but those for errors. */
  get leftovers(): { sockets: number; listeners: number } {
    return {
      sockets: this.#sockets.filter(({ readyState }) => readyState !== 3).length,
      listeners: this.#sockets.reduce((sum, { listenerCount }) => sum + listenerCount, 0),
    };
  }

  /** Sends frames to all clients, which have them on return. */
  send(...frames: string[]): void {
    for (const frame of frames)
      act(() => {
        for (const link of this.links) link.send(frame);
      });
  }

  /** Closes all links from the server. */
  async drop(code: number, reason = ''): Promise<void> {
    act(() => {
      for (const link of this.links) link.close(code, reason);
    });
    await settle();
  }

  /** Refuses new links until `start()`. */
  stop(): void {
    this.isRunning = false;
  }

  start(): void {
    this.isRunning = true;
  }
}
