// The script of every page of a site: opens a connection, and records what happens to it.
import { createConnection } from '../../../src/core.ts';
import { confirmed, indexedDbStore } from '../../../src/delivery.ts';
import type { Details, Entry, PageOptions } from './record.ts';
import { measureUploads } from './upload.ts';

const entries: Entry[] = [];

function record<What extends keyof Details>(what: What, detail: Details[What]): void {
  entries.push({ at: Date.now(), what, detail } as Entry);
  // The whole record each time: what is sent while offline is lost.
  navigator.sendBeacon(location.pathname, JSON.stringify(entries));
}

let sockets = 0;

/** A socket of the browser whose events are recorded. */
class RecordedSocket extends WebSocket {
  constructor(...address: ConstructorParameters<typeof WebSocket>) {
    super(...address);
    const number = ++sockets;
    for (const type of ['open', 'error', 'close'])
      this.addEventListener(type, (event) =>
        record('socket', { number, type, code: event instanceof CloseEvent ? event.code : null }),
      );
  }
}

function ping(): string {
  record('probe', null);
  return 'ping';
}

function tick(): void {
  record('tick', null);
  setTimeout(tick, 100);
}

const { put } = IDBObjectStore.prototype;
IDBObjectStore.prototype.put = function putRecorded(value: { message?: unknown }, ...key) {
  if (value.message !== undefined)
    this.transaction.addEventListener('complete', () => record('stored', value.message));
  return put.call(this, value, ...key);
};

const onEvent = ({ type }: Event) => record('page', type);
for (const type of ['pagehide', 'pageshow', 'online', 'offline'])
  window.addEventListener(type, onEvent);
for (const type of ['freeze', 'resume']) document.addEventListener(type, onEvent);
document.addEventListener('visibilitychange', () => record('page', document.visibilityState));

const { ticks, farewell, uploads, stores, heartbeat, ...options } = JSON.parse(
  decodeURIComponent(location.hash.slice(1)),
) as PageOptions;
const bare = uploads ? new WebSocket(String(options.url)) : null;
const sendsFarewell = () => window.addEventListener('pagehide', () => connection.send('bye'));
if (farewell === 'before') sendsFarewell();
const connection = createConnection({
  WebSocket: RecordedSocket,
  ...options,
  heartbeat: heartbeat && { ping, ...(heartbeat === true ? {} : heartbeat) },
  onMessage(message) {
    if (typeof message === 'string') record('message', message);
    if (bare && message === 'upload')
      void measureUploads(bare, connection).then((took) => record('uploads', took));
  },
  onDrop: (messages, reason) => record('drop', { messages, reason }),
  ...(stores && { scope: 'ada', delivery: confirmed({ store: indexedDbStore('page') }) }),
  onConfirm: (messages) => record('confirm', messages),
  onClose: (cause) => record('close', cause),
});
connection.subscribe(() => record('snapshot', connection.getSnapshot()));
connection.open();
for (const text of stores ?? []) connection.send(text);
if (farewell === 'after') sendsFarewell();
if (ticks) tick();

Object.assign(window, { record: entries });
