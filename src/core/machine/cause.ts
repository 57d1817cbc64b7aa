/** Why a link, an attempt or the connection ended. It is plain data, so it can be logged or posted to a worker. */
export type Cause =
  /** The socket closed. */
  | {
      readonly kind: 'close';
      /** The close code; 1006 if no close frame arrived (RFC 6455, section 7.4). */
      readonly code: number;
      /** The close reason that the server sent, or an empty text. */
      readonly reason: string;
      /** Whether both sides completed the closing handshake. */
      readonly wasClean: boolean;
    }
  /** A time limit passed: `connectTimeout`, or the answer to a probe. */
  | { readonly kind: 'timeout'; readonly phase: 'connect' | 'heartbeat' }
  /**
   * The attempt failed with an error: in the url or protocols function, in the WebSocket constructor, or, where the socket
   * tells it, in the network. The sockets of `ws` tell it, also when a link breaks; browsers and the global WebSocket of Node
   * do not: there the cause is a `close` with the code 1006.
   */
  | {
      readonly kind: 'error';
      /**
       * The `name` of the error that was thrown; the code of an error of the network, such as `'ECONNREFUSED'`,
       * `'ENOTFOUND'` or `'CERT_HAS_EXPIRED'`; or the HTTP status of a server that does not upgrade: `'HTTP 503'`.
       * `'SecurityError'`: the browser blocks the url.
       */
      readonly name: string;
      /** A text of this library. A url in it has no query, fragment, user name or password. */
      readonly message: string;
      /** How long the server asks to wait (`Retry-After`), in milliseconds; absent if it does not. */
      readonly retryAfter?: number;
    }
  /** The application asked for it: `close()`, `reconnect()`, other options, or the last holder released it. */
  | { readonly kind: 'requested' };
