import type { WebSocketDevtoolsProps } from './devtools/panel/web-socket-devtools.tsx';

/** In place of the panel wherever the export condition `development` is not set. */
export function WebSocketDevtools(_props: WebSocketDevtoolsProps): null {
  return null;
}
