import { tryCall } from '../platform/emitter.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import { NORMAL_CLOSURE } from '../protocol/close-codes.ts';
import type { Frame } from './frame.ts';
import type {
  Attempt,
  AttemptContext,
  AttemptListener,
  AttemptOptions,
  PerAttempt,
  Url,
  WebSocketConstructor,
  WebSocketLike,
} from './link.ts';
import { resolveUrl, withoutSecrets } from './url.ts';

/** Starts an attempt: calls the url and protocols functions, makes the socket, and listens to it. */
export function startAttempt(
  { url, protocols, WebSocket, binaryType }: AttemptOptions,
  { attempt, cause }: Omit<AttemptContext, 'signal'>,
  listener: AttemptListener,
): Attempt {
  const abort = new AbortController();
  const { signal } = abort;
  let socket: WebSocketLike | null = null;
  let stopListening = () => {};

  function fail(error: unknown, message: string, isFinal: boolean): void {
    // Any value may be thrown, and a cause must be plain data.
    const name = String(tryCall(() => Object(error).name) ?? 'Error');
    listener.lost({ kind: 'error', name, message }, isFinal);
  }

  function connect(to: Url, subprotocols: string | readonly string[] | undefined): void {
    const address = to === null || to === undefined ? null : resolveUrl(String(to));
    const publicUrl = address && withoutSecrets(address);
    listener.resolved(publicUrl);
    if (signal.aborted || address === null) return;

    const Socket: WebSocketConstructor | undefined = WebSocket ?? globalThis.WebSocket;
    try {
      socket = new Socket(address, subprotocols as string[] | undefined);
      // This listener is never removed: in Node, an `error` event without a listener ends the process.
      socket.addEventListener('error', () => {});
    } catch (error) {
      const message = Socket
        ? `${publicUrl} is refused${FULL_TEXTS ? ': check url and protocols; an https page needs a wss url' : ''}.`
        : `There is no WebSocket${FULL_TEXTS ? ': pass one as the WebSocket option' : ''}.`;
      return fail(error, message, true);
    }
    // If a Content-Security-Policy blocks the url, the constructor does not throw and no `close` event follows.
    if (socket.readyState === 3)
      return fail(
        { name: 'SecurityError' },
        `${publicUrl} is blocked${FULL_TEXTS ? ': allow it in the Content-Security-Policy' : ''}.`,
        true,
      );
    socket.binaryType = binaryType;
    stopListening = listen(socket, signal, listener);
  }

  const resolve = async <Value>(value: PerAttempt<Value>) =>
    typeof value === 'function'
      ? (value as (context: AttemptContext) => Value)({ attempt, cause, signal })
      : value;

  if (typeof url === 'function' || typeof protocols === 'function')
    Promise.all([resolve(url), resolve(protocols)])
      .then((resolved) => signal.aborted || connect(...resolved))
      // Also catches a url that cannot be converted to a string.
      .catch(
        (error) => signal.aborted || fail(error, 'The url or protocols function failed.', false),
      );
  else connect(url, protocols);

  return {
    get socket() {
      return socket;
    },
    discard() {
      abort.abort();
      stopListening();
      socket?.close(NORMAL_CLOSURE);
    },
  };
}

/** Passes the events of a socket to the listener, until the signal is aborted. Returns the function that stops it. */
function listen(socket: WebSocketLike, signal: AbortSignal, listener: AttemptListener): () => void {
  // Socket classes differ in the types of their events, so the handlers take `never`. An `error` event is ignored: a `close` event follows it.
  const handlers: Record<string, (event: never) => void> = {
    open: () => listener.opened(),
    message: ({ data }: { data: Frame }) => listener.received(data),
    close: ({ code, reason, wasClean }: CloseEvent) =>
      listener.lost({ kind: 'close', code, reason, wasClean }, false),
  };
  // Some socket classes still call a listener after it was removed.
  const handle = (event: { type: string }) =>
    signal.aborted || handlers[event.type]?.(event as never);
  for (const type in handlers) socket.addEventListener(type, handle as () => void);
  return () => {
    for (const type in handlers) socket.removeEventListener(type, handle as () => void);
  };
}
