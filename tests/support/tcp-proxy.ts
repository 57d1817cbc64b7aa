import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from './listen.ts';

/** What a proxy has counted so far, on the side of its clients. */
interface TcpProxyReport {
  /** Connections that have not ended, as far as the proxy knows. */
  readonly open: number;
  /** All connections so far. */
  readonly ever: number;
}

/** A network between client and server that can fail. */
export interface TcpProxy {
  /** The url of the server through the proxy. */
  readonly url: string;
  readonly port: number;
  report(): Promise<TcpProxyReport>;
  /** Everything works again: delayed bytes go on, new connections pass. */
  passes(): Promise<void>;
  /** Present connections go half-open: nothing passes in either direction, not even their end. New ones pass. */
  stalls(): Promise<void>;
  /** New connections are accepted and never answered. Present ones go on. */
  neverAnswers(): Promise<void>;
  /** New connections are refused (ECONNREFUSED). Present ones go on. */
  refuses(): Promise<void>;
  /** Present connections are reset, and new ones at once (ECONNRESET). */
  resets(): Promise<void>;
  /** Every connection carries at most so many bytes a second each way. */
  throttles(bytesPerSecond: number): Promise<void>;
  /** Every connection, present or new, carries so many more bytes, both ways together, and then ends without a close frame. */
  cutsAfter(bytes: number): Promise<void>;
  /** New connections lead to another port. Present ones go on. */
  leadsTo(target: number): Promise<void>;
  /** Ends everything. */
  stops(): Promise<void>;
}

interface Link {
  /** Both ends; a connection that is never answered has only its own. */
  readonly ends: readonly Socket[];
  /** Settles when the stall ends; null without a stall. */
  stalled: Promise<void> | null;
  /** How many more bytes it carries before it is cut. */
  left: number;
}

/** Settles when a full socket takes more, and rejects if it closes before. */
const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = () => reject(new Error('The socket has closed.'));
    if (socket.destroyed) return fail();
    socket.once('close', fail).once('drain', () => {
      socket.off('close', fail);
      resolve();
    });
  });

/** Starts a proxy in front of a port, on its own port. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const links = new Set<Link>();
  let ever = 0;
  let port = 0;
  let listening: Server | null = null;
  let newLinks: 'pass' | 'ignore' | 'reset' = 'pass';
  let rate = Infinity;
  let lifetime = Infinity;
  let endStall = () => {};

  function addLink(client: Socket): void {
    ever++;
    if (newLinks === 'reset') return void client.resetAndDestroy();
    const isIgnored = newLinks === 'ignore';
    const ends = isIgnored
      ? [client]
      : [client, connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })];
    const link: Link = { ends, stalled: null, left: lifetime };
    links.add(link);
    client.on('close', () => links.delete(link));
    for (const end of ends) end.on('error', () => {}).setNoDelay();
    if (isIgnored) client.resume().on('end', () => client.destroy());
    const [, server] = ends;
    if (server) void Promise.all([pipe(link, client, server), pipe(link, server, client)]);
  }

  /** Passes bytes from one end to the other, and then the end of the stream. */
  async function pipe(link: Link, from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        const { length } = chunk as Buffer;
        if (rate < Infinity) await delay((length / rate) * 1000);
        await link.stalled;
        const { left } = link;
        link.left -= length;
        if (length >= left) return cut(link, to, (chunk as Buffer).subarray(0, Math.max(0, left)));
        if (!to.write(chunk)) await drained(to);
      }
      await link.stalled;
      to.end();
    } catch {
      await link.stalled;
      for (const end of [from, to]) end.resetAndDestroy();
    }
  }

  /** Passes the last bytes, then destroys both ends. */
  function cut({ ends }: Link, to: Socket, last: Buffer): void {
    to.end(last, () => {
      for (const end of ends) end.destroy();
    });
  }

  async function startListening(): Promise<void> {
    if (listening) return;
    listening = createServer({ allowHalfOpen: true }, addLink);
    port = await listen(listening, port);
  }

  function stopListening(): void {
    listening?.close();
    listening = null;
  }

  const proxy: Omit<TcpProxy, 'url' | 'port'> = {
    async report() {
      return { open: links.size, ever };
    },
    async passes() {
      newLinks = 'pass';
      rate = lifetime = Infinity;
      for (const link of links) Object.assign(link, { stalled: null, left: Infinity });
      endStall();
      await startListening();
    },
    async stalls() {
      const stalled = new Promise<void>((resolve) => {
        const before = endStall;
        endStall = () => {
          before();
          resolve();
        };
      });
      for (const link of links) link.stalled ??= stalled;
    },
    async neverAnswers() {
      newLinks = 'ignore';
    },
    async refuses() {
      stopListening();
    },
    async resets() {
      newLinks = 'reset';
      for (const { ends } of links) for (const end of ends) end.resetAndDestroy();
    },
    async throttles(bytesPerSecond) {
      rate = bytesPerSecond;
    },
    async cutsAfter(bytes) {
      lifetime = bytes;
      for (const link of links) link.left = bytes;
    },
    async leadsTo(other) {
      target = other;
    },
    async stops() {
      stopListening();
      for (const { ends } of links) for (const end of ends) end.destroy();
      endStall();
    },
  };

  await startListening();
  return { ...proxy, url: `ws://127.0.0.1:${port}/`, port };
}
