export { WebSocketDevtools } from './devtools/panel/web-socket-devtools.tsx';
export type {
  DevtoolsPosition,
  WebSocketDevtoolsProps,
} from './devtools/panel/web-socket-devtools.tsx';
