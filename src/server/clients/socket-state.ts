import type { WebSocket } from 'ws';

/** The handle of a socket in Node. */
interface Handle {
  readonly bytesWritten?: number;
  readonly writeQueueSize?: number;
  /** The TCP handle below a TLS handle, which counts the whole write as one. */
  readonly _parent?: Handle | null;
}

/** What ws and Node know of a socket, and have no public name for. Tests with real sockets notice if a name changes. */
interface SocketInternals {
  readonly _receiver?: { readonly _fragmented?: number } | null;
  readonly _socket?: { readonly _handle?: Handle | null } | null;
}

/**
 * How many bytes the operating system has taken for a client so far; 0 if that is not known. `bufferedAmount` does not tell: it
 * falls only when a write has ended, and Node joins all waiting messages in one write.
 */
export function takenBytes(socket: Partial<WebSocket>): number {
  const { _socket: netSocket } = socket as SocketInternals;
  const { _handle: handle } = netSocket ?? {};
  const { _parent: tcpHandle = handle } = handle ?? {};
  const { bytesWritten = 0, writeQueueSize = 0 } = tcpHandle ?? {};
  return bytesWritten - writeQueueSize;
}

/** Whether a client has sent some fragments of a message, and not yet the last one. */
export function isInMessage(socket: Partial<WebSocket>): boolean {
  const { _receiver: receiver } = socket as SocketInternals;
  const { _fragmented: opcode = 0 } = receiver ?? {};
  return opcode !== 0;
}
