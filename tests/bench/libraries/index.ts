/** A library as the driver knows it. Its page side is the file of its name. */
export interface Entry {
  readonly name: string;
  /** What an app imports for a connection, to be weighed; null for what needs no import. */
  readonly imports: string | null;
}

/** The one that the others are compared with. */
export const FLOOR = 'floor';

/** All of them, in the order in which they take turns. */
export const LIBRARIES: readonly Entry[] = [
  { name: FLOOR, imports: null },
  {
    name: 'react-lifeline',
    imports: `export { WebSocketProvider, useWebSocket } from './src/index.ts'`,
  },
  { name: 'react-use-websocket', imports: `export { default } from 'react-use-websocket'` },
  { name: 'partysocket', imports: `export { useWebSocket } from 'partysocket/react'` },
  { name: 'ahooks', imports: `export { useWebSocket } from 'ahooks'` },
];
