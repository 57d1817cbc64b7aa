import type { WebSocket } from 'ws';
import { remoteCommands } from '../remote.ts';
import { startTcpProxy } from '../tcp-proxy.ts';
import { startWsServer, type WsServer } from '../ws-server.ts';
import { numbered, readNumbered } from './numbered.ts';
import { append, type Run } from './runs.ts';

/** What a server knows of one link. */
export interface LinkReport {
  /** The number that the client gave it, in its url. */
  readonly link: number;
  /** How many messages were handed to it, numbered from 0. */
  readonly sent: number;
  /** The numbers of the messages that came in, in their order. */
  readonly got: readonly Run[];
  /** Whether it has ended: `left` by a closing handshake that the client began, `lost` in any other way. */
  readonly end: 'left' | 'lost' | null;
  /** The code with which the server has closed it, if it has; 1005 for none. */
  readonly closedWith: number | null;
  /** What came in and was no message. */
  readonly damage: string | null;
}

/** A real server that keeps a ledger of each link. Clients put a number of their own for it into the url: `?link=7`. */
export interface LedgerServer extends Pick<
  WsServer,
  'url' | 'port' | 'stops' | 'starts' | 'closes' | 'closesNewcomers' | 'terminates' | 'refuses'
> {
  /** Sends so many messages to all clients at once, some of them of this size in bytes, the others short. */
  floods(count: number, size: number): Promise<void>;
  /** Answers no more pings. */
  dropsPongs(): Promise<void>;
  /** All is well: new links stay, pings are answered. */
  accepts(): Promise<void>;
  /** What is known of all links, those that have ended for the last time. */
  reports(): Promise<LinkReport[]>;
}

interface Page {
  readonly socket: WebSocket;
  readonly report: { -readonly [Key in keyof LinkReport]: LinkReport[Key] } & { got: Run[] };
}

/** Every how many messages of a flood one is large. */
const LARGE_EVERY = 16;

/** Starts a server on a port of its own. */
async function startLedgerServer(): Promise<LedgerServer> {
  const pages = new Set<Page>();
  let answersPings = true;
  let greeting: number | null = null;

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
    // A Buffer, since ws is not told otherwise.
    socket.on('message', (data: Buffer, binary) => read(page, data, binary));
    socket.on('close', (code) => {
      report.end = code !== 1006 && report.closedWith === null ? 'left' : 'lost';
    });
    if (greeting !== null) hangUp(page, greeting);
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

  function hangUp({ socket, report }: Page, code?: number, reason?: string): void {
    if (socket.readyState === socket.OPEN) report.closedWith = code ?? 1005;
    socket.close(code, reason);
  }

  return {
    ...server,
    async closes(code, reason) {
      for (const page of pages) hangUp(page, code, reason);
    },
    async closesNewcomers(code) {
      greeting = code;
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
      greeting = null;
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
