// The script of every page of a site: holds a connection, and tells what becomes of it.
import { createConnection } from '../../../src/core.ts';
import type { Details, Entry, PageOptions } from './story.ts';

const story: Entry[] = [];

function tell<What extends keyof Details>(what: What, detail: Details[What]): void {
  story.push({ at: Date.now(), what, detail } as Entry);
  // The whole story each time: what is sent offline is lost.
  navigator.sendBeacon(location.pathname, JSON.stringify(story));
}

let sockets = 0;

/** A socket of the browser, whose own words are written down too. */
class WatchedSocket extends WebSocket {
  constructor(...address: ConstructorParameters<typeof WebSocket>) {
    super(...address);
    const number = ++sockets;
    for (const type of ['open', 'error', 'close'])
      this.addEventListener(type, (event) =>
        tell('socket', { number, type, code: event instanceof CloseEvent ? event.code : null }),
      );
  }
}

function ping(): string {
  tell('probe', null);
  return 'ping';
}

function tick(): void {
  tell('tick', null);
  setTimeout(tick, 100);
}

const hear = ({ type }: Event) => tell('page', type);
for (const type of ['pagehide', 'pageshow', 'online', 'offline'])
  window.addEventListener(type, hear);
for (const type of ['freeze', 'resume']) document.addEventListener(type, hear);
document.addEventListener('visibilitychange', () => tell('page', document.visibilityState));

const { ticks, heartbeat, ...options } = JSON.parse(
  decodeURIComponent(location.hash.slice(1)),
) as PageOptions;
const connection = createConnection({
  WebSocket: WatchedSocket,
  ...options,
  heartbeat: heartbeat && { ping, ...(heartbeat === true ? {} : heartbeat) },
  onMessage(message) {
    if (typeof message === 'string') tell('message', message);
  },
  onClose: (cause) => tell('close', cause),
});
connection.subscribe(() => tell('snapshot', connection.getSnapshot()));
connection.open();
if (ticks) tick();

Object.assign(window, { story });
