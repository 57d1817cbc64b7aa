import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen } from '../support/listen.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** The token that every foreign server lets in. */
export const TOKEN = 'secret';

/** What a foreign server shares with its test. It outlives the server's death. */
interface World {
  /** How long the server thinks about a login, in milliseconds. */
  loginTakes: number;
  /** What the server understood, in order: `login`, what was said, `farewell`. */
  readonly heard: string[];
  /** Sends a text to the topic of the test. Set by the server. */
  publish: (text: string) => void;
  /** Ends the topic of the test at the server, if the protocol can say that. Set by the server. */
  endTopic?: () => void;
}

/** Attaches a server to an HTTP server. Returns, perhaps later, a function if more must end when it dies. */
export type Attach = (http: Server, world: World) => unknown;

/** A server that nobody here wrote, and the network in front of it. */
export interface Foreign {
  readonly world: World;
  readonly proxy: TcpProxy;
  /** Is killed: its connections end without a word, and new ones are refused. */
  dies(): Promise<void>;
  /** Starts again on the same port, and remembers nothing. */
  starts(): Promise<void>;
}

/** Starts a foreign server for the running test. */
export async function startForeign(attach: Attach): Promise<Foreign> {
  const world: World = { loginTakes: 0, heard: [], publish: () => {} };
  const sockets = new Set<Socket>();
  let port = 0;
  let stop: (() => Promise<void>) | undefined;

  async function starts(): Promise<void> {
    const http = createServer();
    http.on('connection', (socket) => {
      sockets.add(socket.on('close', () => sockets.delete(socket)));
    });
    const end = await attach(http, world);
    port = await listen(http, port);
    stop = async () => {
      stop = undefined;
      http.close();
      for (const socket of sockets) socket.destroy();
      if (typeof end === 'function') await (end as () => unknown)();
    };
  }

  await starts();
  const proxy = await startTcpProxy(port);
  onTestFinished(async () => {
    await proxy.stops();
    await stop?.();
  });
  return { world, proxy, starts, dies: async () => stop?.() };
}
