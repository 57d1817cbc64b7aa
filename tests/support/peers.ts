import type { CompanionServer } from './companion.ts';
import type { LedgerServer } from './soak/ledger-server.ts';
import type { SessionServer } from './session-server.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import type { WsServer } from './ws-server.ts';

/** Servers that a test can start outside the browser. All methods return promises of plain data. */
export interface Peers {
  server: WsServer;
  proxy: TcpProxy;
}

/** The lifeline server. */
export interface CompanionPeers {
  companion: CompanionServer;
  sessions: SessionServer;
}

/** What the soak test starts: a server that records each link, and a network in front of it. */
export interface SoakPeers {
  ledger: LedgerServer;
  network: TcpProxy;
}
