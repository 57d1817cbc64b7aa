import { createInPageDemo } from '../stories/server/in-page.ts';
import { DEMO_PATH } from '../stories/server/words.ts';

/** Lets the sockets of this page reach a demo inside it, under the url that the demo server has elsewhere. */
export function serveInPage(): void {
  const { host, protocol } = location;
  const socket = createInPageDemo(`${protocol.replace('http', 'ws')}//${host}${DEMO_PATH}`);
  Object.assign(window, { WebSocket: socket });
}
