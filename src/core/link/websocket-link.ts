import { tryCall } from '../platform/emitter.ts';
import type { Clock } from '../platform/clock.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import { ABNORMAL_CLOSURE, NORMAL_CLOSURE } from '../protocol/close-codes.ts';
import type { Frame } from './frame.ts';
import type {
  Attempt,
  AttemptContext,
  AttemptListener,
  AttemptOptions,
  PerAttempt,
  Url,
  WebSocketConstructor,
} from './link.ts';
import type { NodeSocket } from './node-socket.ts';
import { retryAfterOf } from './node-socket.ts';
import { resolveUrl, withoutSecrets } from './url.ts';

/** Starts an attempt: calls the url and protocols functions, makes the socket, and listens to it. */
export function startAttempt(
  { url, protocols, WebSocket, binaryType, closeTimeout }: AttemptOptions,
  { attempt, cause }: Omit<AttemptContext, 'signal'>,
  clock: Clock,
  listener: AttemptListener,
): Attempt {
  const abort = new AbortController();
  const { signal } = abort;
  const context: AttemptContext = { attempt, cause, signal };
  let socket: NodeSocket | null = null;
  let stopListening = () => {};

  function connect(to: Url, subprotocols: string | readonly string[] | undefined): void {
    const address = to === null || to === undefined ? null : resolveUrl(String(to));
    if (address !== null && typeof to !== 'string' && !Object(to).href)
      return listener.lost({ kind: 'error', name: 'TypeError', message: NO_URL }, true);
    const publicUrl = address && withoutSecrets(address);
    listener.resolved(publicUrl);
    if (signal.aborted || address === null) return;

    const fail: Fail = (name, text, retryAfter) => {
      const message = `${publicUrl} ${text ?? `failed: ${name}`}.`;
      listener.lost({ kind: 'error', name, message, ...(retryAfter && { retryAfter }) }, !!text);
    };
    const Socket: WebSocketConstructor | undefined = WebSocket ?? globalThis.WebSocket;
    try {
      socket = new Socket(address, subprotocols as string[] | undefined);
      stopListening = listen(socket, clock, signal, listener, fail);
      socket.binaryType = binaryType;
      // Chromium's constructor does not throw then, and no `close` event follows.
      if (socket.readyState === 3) fail(SECURITY_ERROR, BLOCKED);
    } catch (error) {
      // Firefox throws NS_ERROR_CONTENT_BLOCKED if a Content-Security-Policy blocks the url.
      const name = nameOf(error).replace(/^NS_.*/, SECURITY_ERROR);
      const refused = FULL_TEXTS && name === SECURITY_ERROR ? BLOCKED : REFUSED;
      fail(name, !Socket || socket ? NO_WEBSOCKET : refused);
    }
  }

  function failIn(name: string, error: unknown): void {
    if (signal.aborted) return;
    const message = `The ${name} function failed.`;
    listener.threw(error instanceof Error ? error : new Error(message, { cause: error }));
    // A listener may have ended the attempt.
    if (!signal.aborted) listener.lost({ kind: 'error', name: nameOf(error), message });
  }

  const resolve = async <Value>(value: PerAttempt<Value>) =>
    typeof value === 'function' ? (value as (context: AttemptContext) => Value)(context) : value;

  if (typeof url === 'function' || typeof protocols === 'function')
    Promise.all([resolve(url), resolve(protocols)])
      .then((resolved) => signal.aborted || connect(...resolved))
      // Also catches a url that cannot be converted to a string.
      .catch((error) => failIn('url or protocols', error));
  else connect(url, protocols);

  return {
    get socket() {
      return socket;
    },
    context,
    fail: failIn,
    discard(isDead) {
      abort.abort();
      stopListening();
      if (!socket) return;
      // A closing handshake that began before has had its time.
      const wait = isDead || socket.readyState > 1 ? 0 : closeTimeout;
      socket.close(NORMAL_CLOSURE);
      // On Android, React Native opens a socket that was closed while it connected all the same.
      if (!socket.terminate) (socket as Partial<WebSocket>).onopen = () => socket?.close();
      if (!socket.terminate || socket.readyState > 2) return;
      // A peer that does not answer would keep a process of Node alive, with `ws` for 30 s (measured). The timer must not.
      const timer = clock.setTimeout(() => socket?.terminate?.(), wait);
      (timer as { unref?(): void } | undefined)?.unref?.();
    },
  };
}

/** Any value may be thrown, and a cause must be plain data. */
const nameOf = (error: unknown) => tryCall(() => String(Object(error).name ?? 'Error')) ?? 'Error';

/**
 * Ends an attempt with a cause of the kind `error`. With a `text`, which follows the url in its message, another attempt would
 * fail the same way.
 */
type Fail = (name: string, text?: string, retryAfter?: number) => void;

const SECURITY_ERROR = 'SecurityError';
const NO_URL = `The url function returned no url${FULL_TEXTS ? ': return a text, a URL or null' : ''}.`;
const REFUSED = `is refused${FULL_TEXTS ? ': check url and protocols' : ''}`;
const NO_WEBSOCKET = `is refused: there is no WebSocket${FULL_TEXTS ? '; pass a WebSocket class as the WebSocket option' : ''}`;
const BLOCKED = FULL_TEXTS
  ? 'is blocked: allow it in the Content-Security-Policy; an https page needs a wss url'
  : REFUSED;

/** Passes the events of a socket to the listener, until the signal is aborted. Returns the function that stops it. */
function listen(
  socket: NodeSocket,
  clock: Clock,
  signal: AbortSignal,
  listener: AttemptListener,
  fail: Fail,
): () => void {
  let failure: unknown;
  let timer: unknown;

  // Socket classes differ in the types of their events, so the handlers take `never`.
  const handlers: Record<string, (event: never) => void> = {
    open: () => listener.opened(),
    message: ({ data }: { data: Frame }) => listener.received(data),
    close({ code: given, reason, wasClean }: Partial<CloseEvent>) {
      // React Native leaves out some of the fields, or gives null.
      const code = Number(given) || ABNORMAL_CLOSURE;
      // What the server says counts more than an error that the link survived.
      if (typeof failure === 'string' && code === ABNORMAL_CLOSURE) return fail(failure);
      listener.lost({ kind: 'close', code, reason: reason ?? '', wasClean: !!wasClean });
    },
    error({ error }: { error?: { code?: unknown } }) {
      failure ??= error?.code;
      const before = socket.readyState;
      // A `close` follows in the same task, but not from the global WebSocket of Node 22, nor from WebKit when it blocks the url.
      clock.clearTimeout(timer);
      timer = clock.setTimeout(() => {
        const { readyState } = socket;
        if (readyState - before === 3) fail(SECURITY_ERROR, BLOCKED);
        else if (readyState !== 1) handlers.close?.({} as never);
      }, 0);
    },
  };
  for (const type in handlers) {
    const handle = handlers[type] as (event: object) => void;
    // Some socket classes still call a listener after it was removed, and some give it no event.
    handlers[type] = (event?: object) => signal.aborted || handle(event ?? {});
    socket.addEventListener(type, handlers[type] as () => void);
  }
  socket.on?.('unexpected-response', (_request, response) => {
    if (!signal.aborted)
      fail(`HTTP ${response.statusCode}`, undefined, retryAfterOf(response, clock));
  });
  return () => {
    clock.clearTimeout(timer);
    // The listener for errors stays: in Node, an `error` event without a listener ends the process.
    for (const type in handlers)
      if (type !== 'error') socket.removeEventListener(type, handlers[type] as () => void);
  };
}
