/** What an app imports. */
export interface Import {
  readonly names: string;
  /** A package, or a file of this one. */
  readonly from: string;
}

/** A library as the driver knows it. Its page side is the file of its name. */
export interface Entry {
  readonly name: string;
  /** What an app imports for a connection, to be weighed; null for what needs no import. */
  readonly imports: Import | null;
}

/** The one that the others are compared with. */
export const FLOOR = 'floor';

/** All of them, in the order in which they take turns. */
export const LIBRARIES: readonly Entry[] = [
  { name: FLOOR, imports: null },
  {
    name: 'react-lifeline',
    imports: { names: '{ WebSocketProvider, useWebSocket }', from: './dist/production/index.js' },
  },
  {
    name: 'react-use-websocket',
    imports: { names: 'useWebSocket', from: 'react-use-websocket' },
  },
  { name: 'partysocket', imports: { names: '{ useWebSocket }', from: 'partysocket/react' } },
  { name: 'ahooks', imports: { names: '{ useWebSocket }', from: 'ahooks' } },
];

/** What is measured only when it is asked for by name: this library with its devtools open. */
export const FURTHER: readonly Entry[] = [{ name: 'react-lifeline-devtools', imports: null }];
