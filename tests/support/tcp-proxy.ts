import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from './listen.ts';

/** What a proxy has seen so far, on the side of its clients. */
interface TcpProxyReport {
  /** Connections that have not ended yet, as far as the proxy can know. */
  readonly open: number;
  /** Connections there were in all. */
  readonly ever: number;
}

/** A network between client and server, which can be bad. */
export interface TcpProxy {
  /** Where the server is reached through the proxy. */
  readonly url: string;
  readonly port: number;
  saw(): Promise<TcpProxyReport>;
  /** All is well: what was held up flows again, newcomers pass. */
  passes(): Promise<void>;
  /** The cable is cut: present connections carry nothing, not even their end, either way. Newcomers pass. */
  stalls(): Promise<void>;
  /** Newcomers are accepted and never answered. Present connections are left alone. */
  swallows(): Promise<void>;
  /** Newcomers find nobody listening (ECONNREFUSED). Present connections are left alone. */
  refuses(): Promise<void>;
  /** Present connections are reset, and newcomers as soon as they come (ECONNRESET). */
  resets(): Promise<void>;
  /** Every connection carries so many bytes a second each way. */
  throttles(bytesPerSecond: number): Promise<void>;
  /** Every connection, present or new, carries so many more bytes, both ways together, and ends without a word. */
  cutsAfter(bytes: number): Promise<void>;
  /** Ends everything. */
  stops(): Promise<void>;
}

interface Link {
  /** Both ends; a swallowed newcomer has only its own. */
  readonly ends: readonly Socket[];
  /** Settles when the link may carry again; null while it may. */
  held: Promise<void> | null;
  /** How many more bytes it may carry before it is cut. */
  left: number;
}

/** Settles when a full socket takes more, and rejects if it is gone before. */
const room = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    const goes = () => reject(new Error('The socket is gone.'));
    if (socket.destroyed) return goes();
    socket.once('close', goes).once('drain', () => {
      socket.off('close', goes);
      resolve();
    });
  });

/** Starts a proxy in front of a port, on a port of its own. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const links = new Set<Link>();
  let ever = 0;
  let port = 0;
  let listening: Server | null = null;
  let newcomers: 'pass' | 'swallow' | 'reset' = 'pass';
  let rate = Infinity;
  let lifetime = Infinity;
  let release = () => {};

  function welcome(client: Socket): void {
    ever++;
    if (newcomers === 'reset') return void client.resetAndDestroy();
    const swallowed = newcomers === 'swallow';
    const ends = swallowed
      ? [client]
      : [client, connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })];
    const link: Link = { ends, held: null, left: lifetime };
    links.add(link);
    client.on('close', () => links.delete(link));
    for (const end of ends) end.on('error', () => {}).setNoDelay();
    if (swallowed) client.resume().on('end', () => client.destroy());
    const [, server] = ends;
    if (server) void Promise.all([carry(link, client, server), carry(link, server, client)]);
  }

  /** Carries what comes in at one end to the other, and then its end. */
  async function carry(link: Link, from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        const { length } = chunk as Buffer;
        if (rate < Infinity) await delay((length / rate) * 1000);
        await link.held;
        const { left } = link;
        link.left -= length;
        if (length >= left) return cut(link, to, (chunk as Buffer).subarray(0, Math.max(0, left)));
        if (!to.write(chunk)) await room(to);
      }
      await link.held;
      to.end();
    } catch {
      await link.held;
      for (const end of [from, to]) end.resetAndDestroy();
    }
  }

  /** Lets the last bytes through, then ends both ends. */
  function cut({ ends }: Link, to: Socket, last: Buffer): void {
    to.end(last, () => {
      for (const end of ends) end.destroy();
    });
  }

  async function startListening(): Promise<void> {
    if (listening) return;
    listening = createServer({ allowHalfOpen: true }, welcome);
    port = await listen(listening, port);
  }

  function stopListening(): void {
    listening?.close();
    listening = null;
  }

  const proxy: Omit<TcpProxy, 'url' | 'port'> = {
    async saw() {
      return { open: links.size, ever };
    },
    async passes() {
      newcomers = 'pass';
      rate = lifetime = Infinity;
      for (const link of links) Object.assign(link, { held: null, left: Infinity });
      release();
      await startListening();
    },
    async stalls() {
      const held = new Promise<void>((resolve) => {
        const before = release;
        release = () => {
          before();
          resolve();
        };
      });
      for (const link of links) link.held ??= held;
    },
    async swallows() {
      newcomers = 'swallow';
    },
    async refuses() {
      stopListening();
    },
    async resets() {
      newcomers = 'reset';
      for (const { ends } of links) for (const end of ends) end.resetAndDestroy();
    },
    async throttles(bytesPerSecond) {
      rate = bytesPerSecond;
    },
    async cutsAfter(bytes) {
      lifetime = bytes;
      for (const link of links) link.left = bytes;
    },
    async stops() {
      stopListening();
      for (const { ends } of links) for (const end of ends) end.destroy();
      release();
    },
  };

  await startListening();
  return { ...proxy, url: `ws://127.0.0.1:${port}/`, port };
}
