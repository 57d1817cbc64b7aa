import type { Frame, OutFrame } from '../core/link/frame.ts';
import { checkFrame } from '../core/link/frame.ts';
import type { Codec } from '../core/messages/codec.ts';
import type { ServerLifelineFrame } from '../core/protocol/frames.ts';
import { writeLifelineFrame } from '../core/protocol/frames.ts';
import { createInbox } from './inbox.ts';
import { deliveryOf } from './server-codec.ts';
import type { SimulatedSocket } from './simulation/socket.ts';
import type { World } from './world.ts';

/** One link of an app, as the test server sees it. A client that reconnects is another one. */
export interface TestClient<In = Frame, Out = OutFrame> {
  /** `client-1` for the first client of the server, and so on. */
  readonly id: string;
  /** The url with its query, such as a token. */
  readonly url: string;
  /** The subprotocols that the client offered. */
  readonly protocols: readonly string[];
  /** The subprotocol that the server chose, or an empty text. */
  readonly protocol: string;
  /** Whether the link is open, and not half-open. */
  readonly isOpen: boolean;
  /** The messages of this client, the oldest first, without heartbeats. */
  readonly received: readonly Out[];
  /**
   * Takes the next message of this client: the oldest one that `next()` has not returned yet. Without one, time passes
   * until it comes.
   *
   * @throws Error if none comes within 60 s of the test's clock.
   */
  next(): Promise<Out>;
  /** Sends a message. */
  send(message: In): void;
  /** Sends a frame without the codec, such as one that the app cannot read. */
  sendFrame(frame: Frame): void;
  /** Closes the link. @param code - 1000 by default. */
  close(code?: number, reason?: string): void;
  /** Cuts the link, without a close frame: the app sees 1006. */
  drop(): void;
  /** From now on nothing arrives, in neither direction, and nobody is told: the link is half-open. */
  silence(): void;
}

/** A {@link TestClient} with what only the server uses. */
export interface ServedClient<In, Out> extends TestClient<In, Out> {
  readonly socket: SimulatedSocket;
  /** Whether the server takes the link for open; it may be half-open. */
  readonly isLive: boolean;
  /** Lets the client in. @param protocol - The subprotocol that the server chooses. */
  accept(protocol: string): void;
  /** A message has arrived. */
  add(message: Out): void;
  /** Sends a frame, if the link is still open. */
  sendLate(frame: Frame): void;
  /** Sends a lifeline frame, if the link is still open. */
  sendLifeline(frame: ServerLifelineFrame): void;
}

/** Makes the client of a socket. `nextId` is called when it is let in. */
export function createTestClient<In, Out>(
  world: World,
  socket: SimulatedSocket,
  codec: Codec<Out, In>,
  nextId: () => string,
): ServedClient<In, Out> {
  const { server } = socket;
  let id = '';
  const { received, add, next } = createInbox<Out>(world, 'client');
  let isAccepted = false;
  let isEnded = false;

  const isLive = () => isAccepted && !isEnded && socket.readyState < 2;
  const sendLate = (frame: Frame) => {
    if (isLive()) server.sends(frame);
  };
  function sendFrame(frame: Frame): void {
    if (!isLive())
      throw new Error(
        `${id} is not connected any more: send to the client that \`await server.connected()\` returns.`,
      );
    world.run(() => server.sends(frame));
  }
  function end(how: () => void): void {
    if (isEnded) return;
    isEnded = true;
    if (!server.silent) world.run(how);
  }

  return {
    get id() {
      return id;
    },
    url: socket.url,
    protocols: [socket.protocols ?? []].flat(),
    get protocol() {
      return socket.protocol;
    },
    get isOpen() {
      return isLive() && !server.silent;
    },
    received,
    next,
    send: (message) => sendFrame(deliveryOf(checkFrame(codec.encode(message)), socket.binaryType)),
    sendFrame,
    close: (code = 1000, reason = '') => end(() => server.closesWith(code, reason)),
    drop: () => end(() => server.breaks()),
    silence: () => server.goesSilent(),

    socket,
    get isLive() {
      return isLive();
    },
    accept(protocol) {
      isAccepted = true;
      id = nextId();
      socket.protocol = protocol;
      server.accepts();
    },
    add,
    sendLifeline: (frame) => sendLate(writeLifelineFrame(frame)),
    sendLate,
  };
}
