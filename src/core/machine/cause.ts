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
  /** The attempt failed with an error: in the url or protocols function, or in the WebSocket constructor. */
  | {
      readonly kind: 'error';
      /** The `name` of the error that was thrown. */
      readonly name: string;
      /** A text of this library. A url in it has no query, fragment, user name or password. */
      readonly message: string;
    }
  /** The application asked for it: `close()`, `reconnect()`, other options, or the last holder released it. */
  | { readonly kind: 'requested' };
