import { createAttempts } from './attempts.ts';
import { createDriver } from './driver.ts';
import { createEffects } from './effects.ts';
import type { Extension, HostEvents } from './extensions/extension.ts';
import { createExtensions } from './extensions/extension.ts';
import { createHolders } from './holders.ts';
import type { Frame, OutFrame } from './link/frame.ts';
import { byteLength } from './link/frame.ts';
import type { WebSocketLike } from './link/link.ts';
import type { Snapshot } from './machine/snapshot.ts';
import type { Event, State } from './machine/state.ts';
import { INITIAL, keepsOutbox } from './machine/state.ts';
import type { EventHandler, EventType } from './messages/events.ts';
import { createReceiver } from './messages/receiver.ts';
import type { SendOptions, SendResult } from './messages/sender.ts';
import { createSender } from './messages/sender.ts';
import { changesBetween } from './options/changes.ts';
import type { ConnectionOptions } from './options/options.ts';
import type { Settings } from './options/settings.ts';
import { resolveOptions } from './options/settings.ts';
import type { Clock } from './platform/clock.ts';
import { createClock } from './platform/clock.ts';
import type { Emitter } from './platform/emitter.ts';
import { createEmitter } from './platform/emitter.ts';
import { FULL_TEXTS } from './platform/texts.ts';
import { createUuid } from './platform/uuid.ts';
import { NORMAL_CLOSURE } from './protocol/close-codes.ts';
import type { Shared } from './shared.ts';
import { createVitals } from './vitals.ts';

/** A long-lived connection: one link at a time, opened again until nobody wants it. Its functions need no `this`. */
export interface Connection<In = Frame, Out = OutFrame> {
  /** A UUID for the life of the connection, made on first read; '' while nothing was connected outside a browser. */
  readonly id: string;
  /** The present WebSocket or null, for what is not here: `protocol`, `extensions`, `bufferedAmount`. */
  readonly socket: WebSocketLike | null;
  /** What the data belongs to: null without a url, undefined until the url function has answered. */
  readonly scope: string | null | undefined;
  /** The newest message of the scope, or null. */
  readonly lastMessage: In | null;
  /** The clock that it runs on. */
  readonly clock: Clock;
  /** The present state: the same object until a field changes. */
  getSnapshot(): Snapshot;
  /** Calls back after each change of the snapshot. Returns the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Adds a handler for an event. Returns the function that removes it. */
  on<Type extends EventType>(type: Type, handler: EventHandler<Type, In, Out>): () => void;
  /** Attaches an extension, such as topics, unless it is attached, and returns what its users call. */
  extend<Api>(extension: Extension<In, Out, Api>): Api;
  /**
   * Sends a message, or queues it while no link takes it.
   *
   * @throws What the codec throws for it, or a TypeError where there is no frame for it.
   */
  send(message: Out, options?: SendOptions): SendResult;
  /** Opens a connection that is idle or closed. Without a holder, it stays open until `close()`. */
  open(): void;
  /**
   * Closes the connection for good, until `open()` or `reconnect()`.
   *
   * @param code - 1000, or 3000 to 4999. @defaultValue 1000
   * @param reason - At most 123 bytes of UTF-8.
   * @throws RangeError for another code or a longer reason; the link stays.
   */
  close(code?: number, reason?: string): void;
  /** Drops the link or the wait and connects at once; opens a connection that is idle or closed. */
  reconnect(): void;
  /**
   * Replaces the options that are given; undefined stands for the default. A changed url or protocol list (by value)
   * replaces the link, a changed scope starts anew, a new function identity does neither.
   *
   * @throws TypeError as for `createConnection`; nothing is changed then.
   */
  update(options: ConnectionOptions<In, Out>): void;
  /** Holds the connection open until the returned function is called, and `linger` longer. */
  retain(): () => void;
}

/**
 * Makes a connection without topics. It does nothing until it is retained or opened, but queues what is sent.
 *
 * @throws TypeError that names a wrong option and what was expected.
 */
export function createBareConnection<In = Frame, Out = OutFrame>(
  given: ConnectionOptions<In, Out> = {},
): Connection<In, Out> {
  let options = given;
  let settings = resolveOptions(options);
  const clock = createClock(settings.clock);
  const { on, emit } = createEmitter<HostEvents<In, Out>>();
  addHandlers(on, () => settings);

  const initial: State = { ...INITIAL, scope: settings.scope };
  const isOpen = () => driver.state.status === 'open';
  const dispatch = (event: Event) => driver.dispatch(event);
  // Its functions are called when all parts below are made.
  const shared: Shared<In, Out> = {
    clock,
    on,
    emit,
    settings: () => settings,
    state: () => driver.state,
    isOpen,
    socket: () => attempts.socket,
    openSocket: () => (isOpen() ? attempts.socket : null),
    dispatch,
    observeAndDispatch(event) {
      vitals.observe();
      dispatch(event);
    },
  };
  const vitals = createVitals(shared);
  const sender = createSender<Out>(shared, vitals);
  const receiver = createReceiver<In>(shared);
  const attempts = createAttempts(shared, vitals, sender, receiver);
  const prepare = createEffects(shared, vitals, sender, receiver, attempts);
  const driver = createDriver(initial, settings.signals, shared, vitals, prepare);
  const { observeAndDispatch } = shared;
  let id = '';

  return {
    get id() {
      // Rendered on a server, it must be what the browser's first render can repeat.
      if (typeof document === 'object' || attempts.hasStarted) id ||= createUuid();
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
    clock,
    extend: createExtensions(shared, sender),
    getSnapshot: () => driver.snapshot,
    subscribe: (listener) => on('change', listener),
    on,
    send(message, sendOptions) {
      const { scope } = driver.state;
      const now = clock.now();
      vitals.observe(now);
      // A timer may be late: a link that is past its deadline must not take the message.
      if (now >= driver.state.deadline) dispatch({ type: 'deadline' });
      const frame = sender.encode(message);
      return keepsOutbox(driver.state) && driver.state.scope === scope
        ? sender.send(message, frame, sendOptions)
        : 'dropped';
    },
    open: () => observeAndDispatch({ type: 'open' }),
    reconnect: () => observeAndDispatch({ type: 'reconnect' }),
    close(code = NORMAL_CLOSURE, reason = '') {
      checkClose(code, reason);
      observeAndDispatch({ type: 'close', code, reason });
    },
    update(changes) {
      const before = settings;
      const changed = { ...options, ...changes };
      settings = resolveOptions(changed);
      options = changed;
      for (const event of changesBetween(before, settings)) observeAndDispatch(event);
    },
    retain: createHolders(shared, vitals),
  };
}

/** The handlers among the options: of each event, the latest one is called. */
function addHandlers<In, Out>(
  on: Emitter<HostEvents<In, Out>>['on'],
  settings: () => Settings<In, Out>,
): void {
  on('open', (info) => settings().onOpen?.(info));
  on('message', (message) => settings().onMessage?.(message));
  on('close', (cause, final) => settings().onClose?.(cause, final));
  on('error', (error) => settings().onError?.(error));
  on('flush', (messages) => settings().onFlush?.(messages));
  on('drop', (messages, reason) => settings().onDrop?.(messages, reason));
}

/** @throws RangeError for what the WebSocket standard does not let an application close with. */
function checkClose(code: number, reason: string): void {
  const isAllowed = code === NORMAL_CLOSURE || (code >= 3000 && code < 5000 && code % 1 === 0);
  if (!isAllowed || Number(byteLength(reason)) > 123)
    throw new RangeError(
      FULL_TEXTS
        ? 'close() takes 1000 or 3000 to 4999, and a reason of up to 123 bytes.'
        : 'close(): code or reason is not valid.',
    );
}
