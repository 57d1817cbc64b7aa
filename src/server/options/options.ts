import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Codec } from '../../core/messages/codec.ts';
import type { BroadcastChannel } from '../broadcasts/channel.ts';
import type { AnyIdentity, Client } from '../clients/client.ts';
import type { RefusedClient } from '../clients/refuse-with.ts';
import type { Rate } from '../limits/rate.ts';
import type { RawIn, RawOut } from '../messages/format.ts';
import type { HistoryStore } from '../history/store.ts';
import type { PresenceStore } from '../presence/store.ts';
import type { SessionStore } from '../sessions/store.ts';

/**
 * The pages that may connect: a list, or a function that returns `true` for an allowed origin (a promise does not count).
 * The function gets null if the client sent no origin. A list holds
 *
 * - exact origins such as `'https://example.com'`
 * - `'same-host'`: pages whose origin has the host and port of the `Host` header; a default port, 80 or 443, may be left out
 * - null: clients that send no origin, such as programs outside a browser
 * - the text `'null'`: pages without an origin, such as local files and sandboxed frames
 */
export type Origins =
  | readonly ('same-host' | (string & {}) | null)[]
  | ((origin: string | null, request: IncomingMessage) => boolean);

/**
 * The subprotocols that the server speaks: a list, the best first, or a function that returns one of those that the client
 * offers, or null to refuse the client.
 */
export type Protocols =
  | readonly string[]
  | ((offered: readonly string[], request: IncomingMessage) => string | null);

/** A path such as `'/live'`, without a query; or a function that returns `true` for a request that is for this server. */
export type UpgradePath = string | ((path: string, request: IncomingMessage) => boolean);

/** The options of a server. A period can be at most 2147483647 ms, which is 24.8 days. */
export interface ServerOptions<Identity extends AnyIdentity = string, In = RawIn, Out = RawOut> {
  /**
   * The port on which the server listens by itself; 0 means any free port. Use it or `server`; without both, call
   * `handleUpgrade()` for each upgrade request. @defaultValue none
   */
  readonly port?: number | undefined;
  /** The address on which the server listens on `port`. @defaultValue all addresses */
  readonly host?: string | undefined;
  /**
   * An HTTP server whose requests to upgrade to WebSocket are handled; other upgrades (h2c) are ignored, as HTTP allows.
   * Requests to another `path` are left to its other `upgrade` listeners, and end if nobody answers them within its
   * `headersTimeout` or `requestTimeout`, whichever is shorter. If all listeners are servers of this library, such a
   * request is refused with 404. @defaultValue none
   */
  readonly server?: HttpServer | HttpsServer | undefined;
  /**
   * The path on which clients can connect. `handleUpgrade()` does not check it. Without a path, the server takes the
   * requests that no other listener of its HTTP server has taken or begun to handle. @defaultValue any path
   */
  readonly path?: UpgradePath | undefined;
  /**
   * The pages that may connect; others are refused with 403. Browsers do not check this for WebSockets: without the check,
   * any page could connect with the cookies of its visitor. Behind a proxy that changes the `Host` header, list the
   * origins. @defaultValue `['same-host']`
   */
  readonly origins?: Origins | undefined;
  /**
   * Returns the identity of a client from its request (cookie, header or query): an id of 1 to 256 UTF-16 code units, or
   * an object with such an `id`. Null refuses the client with 401. An error, an invalid id and a late answer refuse it
   * too, and cause an `error` event. `refuseWith()` refuses it with a close code, which a page can see.
   * @defaultValue all clients are admitted, and the identity is the id of the connection
   */
  readonly authenticate?:
    | ((
        request: IncomingMessage,
      ) => Identity | RefusedClient | null | Promise<Identity | RefusedClient | null>)
    | undefined;
  /** How long `authenticate` may take, in milliseconds. Then the client is refused with 401. @defaultValue 5_000 */
  readonly authenticateTimeout?: number | undefined;
  /**
   * The subprotocols that the server speaks. A client that offers only others is refused with 400; one that offers none is
   * admitted. @defaultValue the first one that the client offers
   */
  readonly protocols?: Protocols | undefined;
  /**
   * Whether to compress messages of 1 KiB or more with a client that supports it (permessage-deflate, RFC 7692). For a
   * message of 4.7 KB in JSON to 1,000 clients, the bytes were a quarter (1.2 KB), the processor time 8 times as much, and
   * each client that had sent and received one took 260 KiB of memory more. @defaultValue false
   */
  readonly compression?: boolean | undefined;
  /**
   * The largest message from a client, in bytes. A larger one closes the client with 1009. One in too many fragments closes it
   * with 1008: up to 128 are allowed, or one for each 512 bytes of `maxPayload`, if that is more. One that is not complete
   * within `timeout` does, too. @defaultValue 65_536 (64 KiB)
   */
  readonly maxPayload?: number | undefined;
  /**
   * How many connections may be open or in authentication. On a `port` of its own, sockets without a request count, too;
   * they must send it within 10 s. Further connections are refused with 503. @defaultValue Infinity
   */
  readonly maxConnections?: number | undefined;
  /**
   * How many connections an identity may have. A further one is admitted, and closes with 1008 the connection whose last
   * frame is the oldest: it may be dead without the server knowing it yet. A connection that has not answered the close
   * by the next time is terminated. @defaultValue 100
   */
  readonly maxConnectionsPerIdentity?: number | undefined;
  /**
   * How many messages an identity may send, on all its connections to this server together, also after a reconnect; pings
   * and pongs of both kinds count. The connection that sends one more is closed with 1008. Without `authenticate`, each
   * connection is an identity of its own. False means no limit. The default burst is twice the outbox of a client of this library, 1,000 messages, which it sends at once
   * after it reconnects. @defaultValue `{ perSecond: 100, burst: 2_000 }`
   */
  readonly rate?: Rate | false | undefined;
  /**
   * Decodes the messages from clients, and encodes those to them, such as `json({ schema, out })`: `schema` checks what
   * clients send, `out` gives the type of what the server sends. A message that it cannot decode is an `invalid` event.
   * Pings and lifeline frames do not pass through it. It gets binary data as an ArrayBuffer, and must not encode to a Blob.
   * @defaultValue messages are text, or binary data as a Buffer
   */
  readonly codec?: Codec<In, Out> | undefined;
  /**
   * How many messages an identity may send that the `codec` cannot decode, on all its connections together, as with `rate`. The
   * connection that sends one more is closed with 1008. False means no limit but `rate`. The default ends a client that is wrong or hostile, and bears one that makes a mistake now and
   * then. @defaultValue `{ perSecond: 1, burst: 10 }`
   */
  readonly invalidRate?: Rate | false | undefined;
  /**
   * The time between two ping frames of the WebSocket protocol to a client, in milliseconds, exact to a second. Proxies
   * close idle connections after 55 s (Heroku), 60 s (nginx, AWS ALB) or 100 s (Cloudflare). @defaultValue 25_000
   */
  readonly pingInterval?: number | undefined;
  /**
   * A client is terminated if it sends no frame for this time, in milliseconds, exact to two seconds. Every browser answers
   * a ping with a pong frame by itself, which counts. It must be longer than `pingInterval`. @defaultValue 60_000
   */
  readonly timeout?: number | undefined;
  /**
   * Returns `true` if a client may see that an identity is online or, with a topic, that it is subscribed to that topic (a
   * promise does not count). It is called for all identities of a list when a client starts to watch it, and later for each
   * identity that comes. A client that saw an identity come always sees it go. @defaultValue all clients see all identities
   */
  readonly visible?:
    | ((viewer: Client<Identity, Out>, id: string, topic: string | undefined) => boolean)
    | undefined;
  /**
   * Returns public data of an identity, such as a name and the url of a picture: a value for JSON, of at most 1 KiB in UTF-8,
   * or undefined for none. Every client that sees the identity gets it. It is called for each connection, and the newest
   * data count. What is too large, no JSON or a promise causes an `error` event, and gives no data. @defaultValue no data
   */
  readonly describe?: ((identity: Identity) => unknown) | undefined;
  /** The store that decides which identities are online. It stops with the server. @defaultValue `memoryPresence()` */
  readonly presence?: PresenceStore | undefined;
  /**
   * Remembers what was taken of the messages of clients that ask for it, so that each reaches its handler once, in order, also over a
   * lost link: `memorySessions()`, or `redisSessions()` for several servers. Other clients are served as without it.
   * @defaultValue none
   */
  readonly sessions?: SessionStore | undefined;
  /**
   * Keeps the last messages of topics and of `sendTo()`, so that a client with a session gets those that it missed, or is told of a
   * gap: `memoryHistory()`, or `redisHistory()` for several servers. It needs `sessions`. With `broadcasts`, it must be one that servers share. @defaultValue none
   */
  readonly history?: HistoryStore | undefined;
  /**
   * How long the handler of a message of a session may take, in milliseconds. Then it counts as failed, and the next one begins.
   * @defaultValue 30_000
   */
  readonly handlerTimeout?: number | undefined;
  /** The channel that carries broadcasts to other servers. It stops with the server. @defaultValue none */
  readonly broadcasts?: BroadcastChannel | undefined;
}
