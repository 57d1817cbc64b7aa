import { type Client as MockClient, Server, WebSocket as MockSocket } from 'mock-socket';
import { createDemo } from './demo.ts';
import { createInPageCompanion } from './in-page-companion.ts';
import type { Link } from './link.ts';

/**
 * The demo inside the page, for a static site. Returns the WebSocket class that connects to it at this url: that of
 * mock-socket, changed so that it can be refused, carries bytes and can be cut off like a real one.
 */
export function createInPageDemo(url: string): typeof MockSocket {
  const companion = createInPageCompanion();
  const demo = createDemo((room, word, except) =>
    companion.publish(room, JSON.stringify(word), except),
  );
  const cut = new WeakSet<MockSocket>();

  class InPageSocket extends MockSocket {
    constructor(to: string | URL, protocols?: string | string[]) {
      super(to, protocols);
      // mock-socket itself would refuse with 1000 and log it. A socket closed while connecting ends with an error and
      // 1006, like a real one that is refused.
      if (demo.refuses(queryOf(this.url))) super.close();
    }

    override send(data: string | Blob | ArrayBuffer | ArrayBufferView): void {
      // mock-socket would convert a view to text, and would not copy a buffer.
      super.send(typeof data === 'string' ? data : bytesOf(data).buffer);
    }

    override close(code?: number, reason?: string): void {
      // The close frame does not arrive, so the socket waits for an answer.
      if (cut.has(this)) Object.assign(this, { readyState: MockSocket.CLOSING });
      else super.close(code, reason);
    }
  }

  const linkOf = (client: MockClient): Omit<Link, 'enter' | 'leave'> => {
    // The server may end a socket twice, and mock-socket would do so twice.
    const end = (code: number, reason = '') => {
      if (client.readyState === MockSocket.OPEN)
        client.close({ code, reason, wasClean: code !== 1006 });
    };
    return {
      send: (frame) => client.send(typeof frame === 'string' ? frame : bytesOf(frame).buffer),
      close: end,
      drop: () => end(1006),
      stopReading: () => cut.add(client.target),
    };
  };

  new Server(url, { mock: false }).on('connection', (client) => {
    const query = queryOf(client.url);
    const link: Link = {
      ...linkOf(client),
      enter: (place) => visit.enter(place),
      leave: (place) => visit.leave(place),
    };
    const events = demo.join(link, query);
    const receive = (frame: string | Uint8Array) => events.receive(frame);
    const visit = companion.join(query, link, {
      send: events.serverSends,
      close: link.close,
      receive,
    });
    client.on('message', (data) => {
      if (typeof data === 'string' && visit.answers(data)) return;
      receive(typeof data === 'string' ? data : bytesOf(data));
    });
    client.on('close', (...[event]: unknown[]) => {
      visit.end();
      events.ended((event as CloseEvent).code);
    });
  });
  return InPageSocket;
}

const queryOf = (url: string) => new URL(url).searchParams;

/** A copy of the bytes. */
function bytesOf(data: Blob | ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (data instanceof Blob) throw new TypeError('No story sends a Blob.');
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
    : new Uint8Array(data.slice());
}
