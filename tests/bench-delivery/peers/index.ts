import { bare } from './bare.ts';
import type { Peer } from './peer.ts';
import { reactLifeline } from './react-lifeline.ts';
import { socketIo } from './socket-io.ts';

/** What is measured, by the names in the table. */
export const PEERS: Readonly<Record<string, Peer>> = {
  'react-lifeline': reactLifeline,
  'Socket.IO': socketIo,
  'ws by hand': bare,
};
