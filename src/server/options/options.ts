import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { BroadcastChannel } from '../broadcasts/channel.ts';
import type { AnyIdentity, Client } from '../clients/client.ts';
import type { Rate } from '../limits/rate.ts';
import type { PresenceStore } from '../presence/store.ts';

/**
 * Who may connect from a page: a list of exact origins (`'https://example.com'`), or a predicate, which must return
 * `true` and no promise. In a list, null allows clients that send no origin, as programs outside of browsers do,
 * and the text `'null'` pages without one of their own: files, sandboxed frames. A predicate gets null where none was sent.
 */
export type Origins =
  | readonly (string | null)[]
  | ((origin: string | null, request: IncomingMessage) => boolean);

/** The options of a server. No period may be longer than 2147483647 ms, which is 24.8 days. */
export interface ServerOptions<Identity extends AnyIdentity = string> {
  /** A port to listen on by itself; 0 for any that is free. Without `port` and `server`, call `handleUpgrade()`. */
  readonly port?: number | undefined;
  /** The address to listen on with `port`. @defaultValue all */
  readonly host?: string | undefined;
  /** A server whose upgrades are taken. Those to other paths are left to its other listeners; without any, they get a 404. */
  readonly server?: HttpServer | HttpsServer | undefined;
  /** The only path at which clients are taken, without a query. `handleUpgrade()` does not check it. @defaultValue any */
  readonly path?: string | undefined;
  /**
   * Which pages may connect; all others get a 403. Browsers do not check this for WebSockets: without it, any page could
   * act in the name of its visitor. Behind a proxy that changes the `Host` header, list them.
   * @defaultValue those of the host that the request is for
   */
  readonly origins?: Origins | undefined;
  /**
   * Says who asks for a connection, by cookie, header or query: an id (1 to 256 UTF-16 code units), or an object with an
   * `id`, which is then the client's `identity`. Null, an error, an invalid id and a late answer refuse it with 401; all
   * but null are an `error` event, too. @defaultValue everybody is admitted; the identity is the id of the connection
   */
  readonly authenticate?:
    | ((request: IncomingMessage) => Identity | null | Promise<Identity | null>)
    | undefined;
  /** How long `authenticate` may take, in milliseconds; then it is a 401. @defaultValue 5_000 */
  readonly authenticateTimeout?: number | undefined;
  /** The largest message of a client, in bytes; a larger one closes it with 1009. @defaultValue 65_536 */
  readonly maxPayload?: number | undefined;
  /** How many connections may be open or being authenticated; those over it get a 503. @defaultValue Infinity */
  readonly maxConnections?: number | undefined;
  /**
   * How many connections an identity may have. One more closes, with 1008, the one that has been silent for longest,
   * so that half-open leftovers lock nobody out; one that has not answered this by the next time is terminated.
   * @defaultValue 100
   */
  readonly maxConnectionsPerIdentity?: number | undefined;
  /**
   * How many messages, pings included, a client may send; one more closes it with 1008. False for no limit. The burst
   * lets through what waited in a client of ours while it had no link, 1,000 messages, twice.
   * @defaultValue `{ perSecond: 100, burst: 2_000 }`
   */
  readonly rate?: Rate | false | undefined;
  /**
   * Time between the protocol pings to a client, in milliseconds, as exact as a second. Proxies cut idle connections
   * after 55 s (Heroku), 60 s (nginx, AWS ALB) or 100 s (Cloudflare). @defaultValue 25_000
   */
  readonly pingInterval?: number | undefined;
  /**
   * After how much silence a client is terminated, in milliseconds; up to two seconds later. Any frame breaks it, and so
   * does the answer to a ping, which every browser gives by itself. Longer than `pingInterval`. @defaultValue 60_000
   */
  readonly timeout?: number | undefined;
  /**
   * Whether a client that watches presence may know of an identity; must return `true` and no promise. Asked about all
   * who are online when the client begins to watch, and later about each who comes online. A changed answer counts from
   * the next such time on; who was shown is always told of as gone. @defaultValue everybody sees everybody
   */
  readonly visible?: ((viewer: Client<Identity>, id: string) => boolean) | undefined;
  /** Decides who is online. Stopped with the server. @defaultValue `memoryPresence()` */
  readonly presence?: PresenceStore | undefined;
  /** Carries broadcasts to other servers. Stopped with the server. @defaultValue none */
  readonly broadcasts?: BroadcastChannel | undefined;
}
