/**
 * Why a link, an attempt or the connection ended. Plain data. Its messages are ours, and a url in them is without
 * query, fragment and user info; `name` is that of the error that was thrown.
 */
export type Cause =
  | {
      readonly kind: 'close';
      readonly code: number;
      readonly reason: string;
      readonly wasClean: boolean;
    }
  | { readonly kind: 'timeout'; readonly phase: 'connect' | 'heartbeat' }
  | { readonly kind: 'error'; readonly name: string; readonly message: string }
  | { readonly kind: 'requested' };
