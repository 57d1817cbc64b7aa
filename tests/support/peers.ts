import type { TcpProxy } from './tcp-proxy.ts';
import type { WsServer } from './ws-server.ts';

/** What a test can start outside the browser and then talk to. All methods return promises of plain data. */
export interface Peers {
  server: WsServer;
  proxy: TcpProxy;
}
