import { type ComponentType, lazy } from 'react';
import { asPublished } from '../../parts/as-published.ts';
import lifeline from './react-lifeline.tsx?raw';
import useWebSocket from './react-use-websocket.tsx?raw';
import webSocket from './web-socket.tsx?raw';

/** The names of what is compared, in the order in which they stand. */
export const RACERS = ['WebSocket', 'react-use-websocket', 'react-lifeline'] as const;
export type RacerName = (typeof RACERS)[number];

export const OWN: RacerName = 'react-lifeline';

/** The app of each, loaded when it first runs, and the code of the same file. */
export const apps: Readonly<
  Record<RacerName, { readonly App: ComponentType<{ url: string }>; readonly code: string }>
> = {
  WebSocket: { App: lazy(() => import('./web-socket.tsx')), code: asPublished(webSocket) },
  'react-use-websocket': {
    App: lazy(() => import('./react-use-websocket.tsx')),
    code: useWebSocket.replace('./use-websocket.ts', 'react-use-websocket').trim(),
  },
  'react-lifeline': {
    App: lazy(() => import('./react-lifeline.tsx')),
    code: asPublished(lifeline),
  },
};
