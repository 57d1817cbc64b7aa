import type { WebSocket } from 'ws';
import { remoteCommands } from '../remote.ts';
import { startTcpProxy } from '../tcp-proxy.ts';
import { startWsServer, type WsServer } from '../ws-server.ts';
import { numbered, readNumbered } from './numbered.ts';
import { append, type Run } from './runs.ts';

/** The server's view of one link. */
export interface LinkReport {
  /** The number of the link, which the client adds to its url. */
  readonly link: number;
  /** The number of messages sent to the client, numbered from 0. */
  readonly sent: number;
  /** The numbers of the received messages, in order. */
  readonly got: readonly Run[];
  /** How it has ended: `left` by a closing handshake of the client, `lost` in any other way. */
  readonly end: 'left' | 'lost' | null;
  /** The code with which the server has closed it; 1005 without a code. */
  readonly closedWith: number | null;
  /** The first received frame that was no message. */
  readonly damage: string | null;
}

/** A real server that records every link. Clients add a number to their url: `?link=7`. */
export interface LedgerServer extends Pick<
  WsServer,
  'url' | 'port' | 'stops' | 'starts' | 'closes' | 'closesNewLinks' | 'terminates' | 'refuses'
> {
  /** Sends so many messages to all clients at once: some of this size in bytes, the others short. */
  floods(count: number, size: number): Promise<void>;
  /** Answers no more pings. */
  dropsPongs(): Promise<void>;
  /** New links stay open again, and pings are answered. */
  accepts(): Promise<void>;
  /** The reports of all links. Ended links are included once more, and then forgotten. */
  reports(): Promise<LinkReport[]>;
}

interface Page {
  readonly socket: WebSocket;
  readonly report: { -readonly [Key in keyof LinkReport]: LinkReport[Key] } & { got: Run[] };
}

/** One message in so many of a flood is large. */
const LARGE_EVERY = 16;

/** Starts a server on its own port. */
async function startLedgerServer(): Promise<LedgerServer> {
  const pages = new Set<Page>();
  let answersPings = true;
  let closeCode: number | null = null;

  const server = await startWsServer((socket, { url = '' }) => {
    const link = Number(new URL(url, 'ws://host').searchParams.get('link'));
    const report: Page['report'] = {
      link,
      sent: 0,
      got: [],
      end: null,
      closedWith: null,
      damage: null,
    };
    const page: Page = { socket, report };
    pages.add(page);
    // By default, ws delivers a Buffer.
    socket.on('message', (data: Buffer, binary) => read(page, data, binary));
    socket.on('close', (code) => {
      report.end = code !== 1006 && report.closedWith === null ? 'left' : 'lost';
    });
    if (closeCode !== null) closeLink(page, closeCode);
  });

  function read({ socket, report }: Page, data: Buffer, binary: boolean): void {
    try {
      const frame = binary ? data : String(data);
      if (frame !== 'ping') append(report.got, readNumbered(frame).n);
      else if (answersPings) socket.send('pong');
    } catch (error) {
      report.damage ??= String(error);
    }
  }

  function closeLink({ socket, report }: Page, code?: number, reason?: string): void {
    if (socket.readyState === socket.OPEN) report.closedWith = code ?? 1005;
    socket.close(code, reason);
  }

  return {
    ...server,
    async closes(code, reason) {
      for (const page of pages) closeLink(page, code, reason);
    },
    async closesNewLinks(code) {
      closeCode = code;
    },
    async floods(count, size) {
      for (const { socket, report } of pages)
        for (let left = count; left > 0 && socket.readyState === socket.OPEN; left--) {
          const n = report.sent++;
          socket.send(numbered({ link: report.link, n }, n % LARGE_EVERY === 0 ? size : n % 64));
        }
    },
    async dropsPongs() {
      answersPings = false;
    },
    async accepts() {
      answersPings = true;
      closeCode = null;
      await server.accepts();
    },
    async reports() {
      const reports = [...pages].map(({ report }) => report);
      for (const page of pages) if (page.report.end) pages.delete(page);
      return reports;
    },
  };
}

/** For `browser.commands` in the Vitest configuration. */
export const soakCommands = remoteCommands({ ledger: startLedgerServer, proxy: startTcpProxy });
