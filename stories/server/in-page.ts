import { type Client as MockClient, Server, WebSocket as MockSocket } from 'mock-socket';
import { createDemo } from './demo.ts';
import { createInPageCompanion } from './in-page-companion.ts';
import type { Link } from './link.ts';

/**
 * The demo inside the page, for a site that has no server: returns the class of the sockets that reach it at this url.
 * It is mock-socket's, made to fail, to carry bytes, and to lie on a cut cable as a real one.
 */
export function createInPageDemo(url: string): typeof MockSocket {
  const demo = createDemo();
  const deaf = new WeakSet<MockSocket>();

  class InPageSocket extends MockSocket {
    constructor(to: string | URL, protocols?: string | string[]) {
      super(to, protocols);
      // A refusal of mock-socket itself would close with 1000, and log it. A socket that is closed while it dials
      // ends with an error and 1006, as a real one that is refused.
      if (demo.refuses(queryOf(this.url))) super.close();
    }

    override send(data: string | Blob | ArrayBuffer | ArrayBufferView): void {
      // mock-socket would make a text of a view, and share a buffer that the sender may change.
      super.send(typeof data === 'string' ? data : bytesOf(data).buffer);
    }

    override close(code?: number, reason?: string): void {
      // No goodbye comes through: it waits for an answer.
      if (deaf.has(this)) Object.assign(this, { readyState: MockSocket.CLOSING });
      else super.close(code, reason);
    }
  }

  const linkOf = (client: MockClient): Link => {
    // The server may be told twice to end a socket, and mock-socket would do it twice.
    const end = (code: number, reason = '') => {
      if (client.readyState === MockSocket.OPEN)
        client.close({ code, reason, wasClean: code !== 1006 });
    };
    return {
      send: (frame) => client.send(typeof frame === 'string' ? frame : bytesOf(frame).buffer),
      close: end,
      drop: () => end(1006),
      deafen: () => deaf.add(client.target),
    };
  };

  const companion = createInPageCompanion();
  new Server(url, { mock: false }).on('connection', (client) => {
    const query = queryOf(client.url);
    const events = demo.join(linkOf(client), query);
    const { answers, leave } = companion.join(query, events.says);
    client.on('message', (data) => {
      if (typeof data !== 'string') events.receive(bytesOf(data));
      else if (!answers(data)) events.receive(data);
    });
    client.on('close', (...[event]: unknown[]) => {
      leave();
      events.ended((event as CloseEvent).code);
    });
  });
  return InPageSocket;
}

const queryOf = (url: string) => new URL(url).searchParams;

/** A copy of its own. */
function bytesOf(data: Blob | ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (data instanceof Blob) throw new TypeError('No story sends a Blob.');
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
    : new Uint8Array(data.slice());
}
