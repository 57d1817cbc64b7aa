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

/** Starts an attempt: asks for url and protocols, constructs the socket, listens to it. */
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
    // What was thrown may be anything, and a cause is plain data.
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
      // It stays when the socket is let go: in Node an error without a listener ends the process.
      socket.addEventListener('error', () => {});
    } catch (error) {
      const message = Socket
        ? `${publicUrl} is refused${FULL_TEXTS ? ': check url and protocols; https needs wss' : ''}.`
        : `There is no WebSocket here${FULL_TEXTS ? ': pass one' : ''}.`;
      return fail(error, message, true);
    }
    // A Content-Security-Policy blocks without a throw, and no close event follows.
    if (socket.readyState === 3)
      return fail(
        { name: 'SecurityError' },
        `${publicUrl} is blocked${FULL_TEXTS ? ': see the Content-Security-Policy' : ''}.`,
        true,
      );
    socket.binaryType = binaryType;
    stopListening = listen(socket, signal, listener);
  }

  const answerOf = async <Value>(value: PerAttempt<Value>) =>
    typeof value === 'function'
      ? (value as (context: AttemptContext) => Value)({ attempt, cause, signal })
      : value;

  if (typeof url === 'function' || typeof protocols === 'function')
    Promise.all([answerOf(url), answerOf(protocols)])
      .then((answers) => signal.aborted || connect(...answers))
      // Also where the answer cannot be made a text.
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

/** Tells the listener of the socket's events, until it is aborted. Returns the function that stops listening. */
function listen(socket: WebSocketLike, signal: AbortSignal, listener: AttemptListener): () => void {
  // Each class of sockets has its own types of events. An error tells nothing: its close event follows.
  const handlers: Record<string, (event: never) => void> = {
    open: () => listener.opened(),
    message: ({ data }: { data: Frame }) => listener.received(data),
    close: ({ code, reason, wasClean }: CloseEvent) =>
      listener.lost({ kind: 'close', code, reason, wasClean }, false),
  };
  // Not every class calls no listener that was removed.
  const handle = (event: { type: string }) =>
    signal.aborted || handlers[event.type]?.(event as never);
  for (const type in handlers) socket.addEventListener(type, handle as () => void);
  return () => {
    for (const type in handlers) socket.removeEventListener(type, handle as () => void);
  };
}
