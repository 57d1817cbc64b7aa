import { createAttempts } from './attempts.ts';
import { createDriver } from './driver.ts';
import { createEffects } from './effects.ts';
import type { Extension, HostEvents } from './extensions/extension.ts';
import { createExtensions } from './extensions/extension.ts';
import type { Request, requests } from './extensions/requests.ts';
import type { Holders } from './holders.ts';
import { createHolders } from './holders.ts';
import type { Frame, OutFrame } from './link/frame.ts';
import { byteLength } from './link/frame.ts';
import type { WebSocketLike } from './link/link.ts';
import type { Snapshot } from './machine/snapshot.ts';
import type { Event } from './machine/state.ts';
import { keepsOutbox } from './machine/state.ts';
import type { ConnectionActions } from './messages/actions.ts';
import { createCodecs } from './messages/codecs.ts';
import type { EventHandler, EventType } from './messages/events.ts';
import { checkEventType, HANDLERS } from './messages/events.ts';
import { createReceiver } from './messages/receiver.ts';
import type { OutboxItem } from './messages/outbox.ts';
import { createOutbox } from './messages/outbox.ts';
import type { TrackedOptions } from './messages/send-options.ts';
import { checkSendOptions } from './messages/send-options.ts';
import type { Sender, SendResult } from './messages/sender.ts';
import { createSender } from './messages/sender.ts';
import { changesBetween } from './options/changes.ts';
import type { ConnectionOptions } from './options/options.ts';
import type { Settings } from './options/settings.ts';
import { resolveOptions } from './options/settings.ts';
import { announce } from './platform/announce.ts';
import type { Clock } from './platform/clock.ts';
import { createClock } from './platform/clock.ts';
import { createEmitter } from './platform/emitter.ts';
import { FULL_TEXTS } from './platform/texts.ts';
import { createUuid } from './platform/uuid.ts';
import { NORMAL_CLOSURE } from './protocol/close-codes.ts';
import type { Shared } from './shared.ts';
import { createVitals } from './vitals.ts';

/**
 * A long-lived connection. It has at most one WebSocket at a time and reconnects while something holds it. Its functions
 * can be passed around without the object: they do not use `this`.
 */
export interface Connection<In = Frame, Out = OutFrame> extends ConnectionActions<Out> {
  /**
   * A UUID that stays the same for the life of the connection. It is `''` until the first attempt, so also in
   * server rendering. To show it, subscribe to it, since no field of `useWebSocket()` changes with it, and a part of a page
   * below `<Suspense>` may hydrate later: `useSyncExternalStore(connection.subscribe, () => connection.id, () => '')`.
   */
  readonly id: string;
  /** The current WebSocket, or null. Use it to read `protocol`, `extensions` or `bufferedAmount`. */
  readonly socket: WebSocketLike | null;
  /**
   * The key of the data that the connection carries; see the `scope` option. It is null without a url, and undefined
   * until a url function has returned its first url.
   */
  readonly scope: string | null | undefined;
  /** The newest message of the current scope, or null if there is none. */
  readonly lastMessage: In | null;
  /**
   * The messages that wait for a link, in order. It is the same array until they change. `useOutbox()` makes a component
   * render for it.
   */
  readonly outbox: readonly OutboxItem<Out>[];
  /** The clock that the connection uses. */
  readonly clock: Clock;
  /** Returns the current state. It is the same object until one of its fields changes. */
  getSnapshot(): Snapshot;
  /** Calls the listener after each change of the snapshot. Returns the function that removes the listener. */
  subscribe(listener: () => void): () => void;
  /**
   * Adds a handler for an event. Returns the function that removes the handler.
   *
   * @throws TypeError if there is no such event.
   */
  on<Type extends EventType>(type: Type, handler: EventHandler<Type, In, Out>): () => void;
  /**
   * Returns the function that sends a message as a request; see {@link Request}. It is the same for the life of the
   * connection. The connection needs the option `requests`, or a server of this library with `lifeline()` or `confirmed()`.
   */
  extend(extension: typeof requests): Request<In, Out>;
  /** Attaches an extension, if it is not attached yet, and returns the API of the extension. */
  extend<Api>(extension: Extension<In, Out, Api>): Api;
  /**
   * Replaces the given options and keeps all others; the value undefined restores the default. A different url or
   * protocol list, compared by value, replaces the link. A different scope also clears the messages and the outbox. A
   * new function in place of another does neither. All other options apply at once: `reconnect: false` ends a wait, shorter
   * delays shorten it, and smaller limits of the outbox drop what is above them. What is used once for a link, such as the
   * url function and the `WebSocket` class, applies to the next link.
   *
   * @throws TypeError if an option is not valid, as in `createConnection()`; no option is changed then.
   */
  update(options: ConnectionOptions<In, Out>): void;
  /**
   * Holds the connection open. It opens a connection that is idle, or that gave up and has no other holder. Returns the function
   * that releases it; after the last release the link stays open for `linger` milliseconds, and no attempt is made. A connection of
   * a component with the option `manual` waits for the first `open()` or `reconnect()`, whoever holds it.
   */
  retain(): () => void;
}

/**
 * Makes a connection without topics. It opens no link until `retain()` or `open()` is called; messages sent before that
 * wait in the outbox.
 *
 * @param beforeUse - Given by a component that makes the connection for itself. It is called before the application uses the
 * connection, and may update the options. `isOpening`: the use is `open()` or `reconnect()`. The link then does not linger by
 * default, since nobody else can hold it.
 * @throws TypeError if an option is not valid; the message names the option and the expected values.
 */
export function createBareConnection<In = Frame, Out = OutFrame>(
  options: ConnectionOptions<In, Out> = {},
  beforeUse?: (isOpening?: boolean) => void,
): Connection<In, Out> {
  let settings = resolveOptions(options);
  const clock = createClock(settings.clock);

  // The parts below refer to each other: these functions are called only after all parts exist.
  const shared: Shared<In, Out> = {
    ...createEmitter<HostEvents<In, Out>>(),
    interceptors: new Set(),
    clock,
    codecs: createCodecs(() => settings),
    settings: () => settings,
    state: () => driver.state,
    isOpen: () => driver.state.status === 'open',
    socket: () => attempts.socket,
    openSocket: () => (shared.isOpen() ? attempts.socket : null),
    dispatch: (event) => driver.dispatch(event),
    observeAndDispatch(event) {
      vitals.observe();
      driver.dispatch(event);
    },
  };
  const vitals = createVitals(shared);
  const sender = createSender<Out>(shared, vitals);
  const receiver = createReceiver<In>(shared, sender);
  shared.delivery = settings.delivery?.(shared, sender, receiver, createOutbox);
  const attempts = createAttempts(shared, vitals, sender, receiver);
  const prepare = createEffects(shared, vitals, sender, receiver, attempts);
  const driver = createDriver(shared, vitals, prepare);
  const linger = () => (beforeUse ? (options.linger ?? 0) : settings.linger);
  const holders = createHolders(shared, vitals, linger, beforeUse);
  let id = '';

  function send(message: Out, sendOptions?: TrackedOptions): SendResult {
    if (FULL_TEXTS) checkSendOptions(sendOptions);
    beforeUse?.();
    const { scope } = driver.state;
    vitals.observe();
    // The timer may be late: a link whose deadline has passed must not take the message.
    if (clock.now() >= driver.state.deadline) driver.dispatch({ type: 'deadline' });
    const frame = sender.encode(message, sendOptions);
    const isKept = keepsOutbox(driver.state) && driver.state.scope === scope;
    return isKept ? sender.send(message, frame, sendOptions) : 'dropped';
  }

  const connection: Connection<In, Out> = {
    get id() {
      // A random id in server-rendered HTML would differ from that of the browser's first render.
      if (attempts.hasAttempted) id ||= createUuid();
      return id;
    },
    get socket() {
      return attempts.socket;
    },
    get scope() {
      return driver.state.scope;
    },
    get lastMessage() {
      return receiver.lastMessage;
    },
    get outbox() {
      return sender.outbox;
    },
    clock,
    extend: createExtensions(shared, sender, receiver, send),
    getSnapshot: () => driver.snapshot,
    subscribe: (listener) => shared.on('change', listener),
    on: (type, handler) => shared.on(checkEventType(type), handler),
    send,
    ...createWishes(shared.observeAndDispatch, beforeUse),
    update(changes) {
      beforeUse?.();
      const before = settings;
      // What keeps the messages is made once.
      const changed = { ...options, ...changes, delivery: settings.delivery };
      settings = resolveOptions(changed);
      options = changed;
      applyChanges(before, shared, sender, holders);
    },
    retain: holders.retain,
  };
  addHandlers(shared, connection);
  if (FULL_TEXTS) announce({ connection, shared, waiting: sender.waiting });
  return connection;
}

/** Makes the functions by which the application opens and closes the connection. */
function createWishes(
  observeAndDispatch: (event: Event) => void,
  beforeUse?: (isOpening?: boolean) => void,
): Pick<Connection, 'open' | 'close' | 'reconnect'> {
  const needsHolder = !!beforeUse;
  const dispatch = (event: Event) => {
    beforeUse?.(event.type !== 'close');
    observeAndDispatch(event);
  };
  return {
    open: () => dispatch({ type: 'open', needsHolder }),
    reconnect: () => dispatch({ type: 'reconnect', needsHolder }),
    close(code = NORMAL_CLOSURE, reason = '') {
      checkClose(code, reason);
      dispatch({ type: 'close', code, reason });
    },
  };
}

/** Adds the handlers of the options. They are looked up at each event, so the latest ones are called. */
function addHandlers<In, Out>(shared: Shared<In, Out>, connection: ConnectionActions<Out>): void {
  // The option may have changed during the attempt.
  shared.on('open', () => applyBinaryType(shared));
  let type: EventType;
  for (type in HANDLERS) {
    const name = HANDLERS[type];
    // Handlers that are given as options have no other way to the connection, and one that opens a link may have to send.
    const more = type === 'open' ? [connection] : [];
    shared.on(type, (...args) =>
      (shared.settings()[name] as ((...given: unknown[]) => void) | undefined)?.(...args, ...more),
    );
  }
}

/** Applies changed options to what goes on now. All others are read at their next use. */
function applyChanges<In, Out>(
  before: Settings<In, Out>,
  shared: Shared<In, Out>,
  sender: Sender<Out>,
  holders: Holders,
): void {
  for (const event of changesBetween(before, shared.settings())) shared.observeAndDispatch(event);
  // A timer that is set again comes after others that are due, and in a hidden tab later.
  if (before.linger !== shared.settings().linger) holders.configure();
  applyBinaryType(shared);
  // The limits of the outbox do not apply while a link is open.
  if (!shared.isOpen()) sender.applyLimits();
}

function applyBinaryType<In, Out>({
  socket,
  settings,
}: Pick<Shared<In, Out>, 'socket' | 'settings'>): void {
  const current = socket();
  if (current) current.binaryType = settings().binaryType;
}

/** @throws RangeError for a code or reason that the WebSocket standard does not allow in `close()`. */
function checkClose(code: number, reason: string): void {
  const isAllowed = code === NORMAL_CLOSURE || (code >= 3000 && code < 5000 && code % 1 === 0);
  if (!isAllowed || Number(byteLength(reason)) > 123)
    throw new RangeError(
      FULL_TEXTS
        ? 'close() takes the code 1000 or 3000 to 4999, and a reason of at most 123 bytes.'
        : 'close(): code or reason is not valid.',
    );
}
