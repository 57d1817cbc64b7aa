import type { CompanionServer } from './companion.ts';
import type { LedgerServer } from './soak/ledger-server.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import type { WsServer } from './ws-server.ts';

/** What a test can start outside the browser and then talk to. All methods return promises of plain data. */
export interface Peers {
  server: WsServer;
  proxy: TcpProxy;
}

/** The other end of the lifeline. */
export interface CompanionPeers {
  companion: CompanionServer;
}

/** What the soak starts: the same network, in front of a server that keeps a ledger. */
export interface SoakPeers {
  ledger: LedgerServer;
  network: TcpProxy;
}
