import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type Client,
  createLifelineServer,
  Later,
  memoryHistory,
  memoryPresence,
  memorySessions,
} from '../../src/server.ts';
import { refuse } from '../../src/server/admission/refuse.ts';
import { createDemo } from './demo.ts';
import { GRACE, type Guest, guestOf, isInRoomOf, placeTopic, roomTopic } from './guest.ts';
import type { Link, LinkEvents } from './link.ts';

/** The demo on real sockets, with the lifeline server. */
export interface DemoServer {
  /** Answers one upgrade request, whatever its path. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers the upgrade requests for `path` of an http server. The returned function detaches it. */
  attach(http: Server, path: string): () => void;
  /** Ends every connection and timer, but does not close the http server. */
  close(): void;
}

/** Larger than any frame of a story. */
const MAX_FRAME = 16 * 1024 * 1024;

/** Makes a {@link DemoServer}. A process can have several. */
export function createDemoServer(log: (line: string) => void = () => {}): DemoServer {
  const links = new Map<Client<Guest>, { readonly link: Link; readonly events: LinkEvents }>();
  const senders = new WeakMap<Link, Client<Guest>>();
  const demo = createDemo(
    (room, word, sender) =>
      server.broadcast(JSON.stringify(word), {
        topic: roomTopic(room),
        except: sender && senders.get(sender),
      }),
    log,
  );
  const detachers = new Set<() => void>();

  const server = createLifelineServer<Guest>({
    // A demo on a visitor's own machine: any page may connect, and programs without an origin as well.
    origins: () => true,
    authenticate: (request) => guestOf(targetOf(request).query, crypto.randomUUID()),
    visible: ({ identity }, id) => isInRoomOf(identity, id),
    describe: ({ name }) => ({ name }),
    presence: memoryPresence({ grace: GRACE }),
    sessions: memorySessions(),
    history: memoryHistory(),
    maxPayload: MAX_FRAME,
    rate: false,
  });
  server.on('connection', (client) => {
    links.set(client, welcome(client));
    server.subscribe(client, roomTopic(client.identity.room));
  });
  server.on('message', async (client, data) => {
    // What a cut line has swallowed did not arrive.
    if (links.get(client)?.events.receive(data) === false) throw new Later();
  });
  server.on('disconnection', (client, code) => {
    links.get(client)?.events.ended(code);
    links.delete(client);
  });
  server.on('error', (error) => log(error.message));

  function welcome(client: Client<Guest>) {
    const { socket, identity } = client;
    const send = socket.send.bind(socket);
    const terminate = socket.terminate.bind(socket);
    const link: Link = {
      send,
      close: (code, reason) => socket.close(code, reason),
      drop: terminate,
      // A paused socket reads neither data nor the end of the connection, as with a cut cable. The server can write its
      // close frame, and end what has been silent for long, but neither gets through.
      stopReading() {
        socket.pause();
        socket.close = () => {};
        socket.terminate = () => {};
      },
      enter: (place) => server.subscribe(client, placeTopic(identity.room, place)),
      leave: (place) => server.unsubscribe(client, placeTopic(identity.room, place)),
    };
    senders.set(link, client);
    const events = demo.join(link, identity.query);
    // Frames of the lifeline server itself must not pass a cut cable.
    socket.send = (data: string | Uint8Array, options?: unknown) => {
      const { binary } = options as { readonly binary: boolean };
      events.serverSends(binary ? data : String(data));
    };
    return { link, events };
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!demo.refuses(targetOf(request).query)) return server.handleUpgrade(request, socket, head);
    log('refused a client');
    refuse(socket, 503, 'The demo refuses all clients.');
  }

  return {
    handleUpgrade,
    attach(http, path) {
      const listener = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (targetOf(request).path === path) handleUpgrade(request, socket, head);
      };
      const detach = () => {
        detachers.delete(detach);
        http.off('upgrade', listener);
      };
      http.on('upgrade', listener);
      detachers.add(detach);
      return detach;
    },
    close() {
      for (const detach of detachers) detach();
      demo.close();
      for (const { link } of links.values()) link.drop();
      void server.close();
    },
  };
}

/** Does not use `new URL`, which throws on some request lines. */
function targetOf({ url = '/' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = '/', query] = url.split('?');
  return { path, query: new URLSearchParams(query) };
}
