import type { Cause } from './machine/cause.ts';
import type { Clock } from './platform/clock.ts';
import { createClock } from './platform/clock.ts';
import type { Frame, OutFrame } from './messages/codec.ts';
import { byteLength, DecodeError } from './messages/codec.ts';
import type { Emitter } from './platform/emitter.ts';
import { createEmitter, guard } from './platform/emitter.ts';
import type { Event } from './machine/transition.ts';
import { INITIAL, isLive, OFF, transition } from './machine/transition.ts';
import type {
  ConnectionOptions,
  DropReason,
  EventArguments,
  EventHandler,
  EventType,
} from './options/options.ts';
import type { Entry } from './messages/outbox.ts';
import { trim } from './messages/outbox.ts';
import { NORMAL_CLOSURE } from './protocol/close-codes.ts';
import type { Settings } from './options/settings.ts';
import { resolveOptions, scopeOf } from './options/settings.ts';
import type { Snapshot } from './machine/snapshot.ts';
import { project, isSame } from './machine/snapshot.ts';
import type { Attempt, WebSocketLike } from './link/websocket-link.ts';
import { startAttempt } from './link/websocket-link.ts';

/** What became of a message: handed to the socket, waiting for one, or not to be sent. */
export type SendResult = 'sent' | 'queued' | 'dropped';

/** How a message is sent. */
export interface SendOptions {
  /** Whether the message may wait for a link; false for what is stale when late. @defaultValue true */
  readonly queue?: boolean | undefined;
}

/** A long-lived connection: one link at a time, opened again until nobody wants it. Its functions need no `this`. */
export interface Connection<In = Frame, Out = OutFrame> {
  /** A UUID for the life of the connection, made on first read; '' while nothing was connected outside a browser. */
  readonly id: string;
  /** The present WebSocket or null, for what is not here: `protocol`, `extensions`, `bufferedAmount`. */
  readonly socket: WebSocketLike | null;
  /** What the data belongs to; undefined until a url function has first told, null where there is nothing to link to. */
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
  /** Attaches what takes part in every link, such as topics, and costs nothing where it is not imported: once for each. */
  extend<Added>(create: (host: Host<In, Out>) => Added): Added;
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

/** What a connection and its extensions hear of: the events of the application, and more. */
interface HostEvents<In, Out> extends EventArguments<In, Out> {
  /** The snapshot has changed. */
  change: [];
  /** A new link is open: what is told now goes ahead of the outbox. */
  greet: [];
  /** What was received belongs to another scope than what will be. */
  scope: [];
  /** A message has been handed to all of its handlers. */
  delivered: [];
  /** A frame came that the heartbeat's `pong` knows as neither an answer nor a message. */
  control: [frame: Frame];
}

/** What a connection offers to an extension. */
export interface Host<In, Out> extends Emitter<HostEvents<In, Out>> {
  readonly clock: Clock;
  /** Whether a link is open. */
  isOpen(): boolean;
  /** The options of the moment. */
  settings(): Settings<In, Out>;
  /** Sends past the outbox; false where no link is open. */
  sendNow(message: Out): boolean;
  /** Sends a frame as it is, past the codec and the outbox; false where no link is open. */
  sendFrame(frame: OutFrame): boolean;
}

const APPLICATION = 'app';

/** Above this many bytes of `bufferedAmount`, frames wait in the outbox. */
const HIGH_WATER = 1_048_576;

/** How often a socket with too much in its buffer is looked at again, in milliseconds. */
const DRAIN_INTERVAL = 20;

/** The wall clock outruns the monotonic one by more than this only if the machine has slept, in milliseconds. */
const SLEPT = 5_000;

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
  const { signals } = settings;
  const clock = createClock(settings.clock);

  let state = scopeOf(settings) === null ? OFF : INITIAL;
  let snapshot = project(state, 0);
  let id = '';
  let dialled = false;

  const { on, emit } = createEmitter<HostEvents<In, Out>>();
  on('open', (info) => settings.onOpen?.(info));
  on('message', (message) => settings.onMessage?.(message));
  on('close', (cause, final) => settings.onClose?.(cause, final));
  on('error', (error) => settings.onError?.(error));
  on('flush', (messages) => settings.onFlush?.(messages));
  on('drop', (messages, reason) => settings.onDrop?.(messages, reason));

  // ── The machine: one event at a time, what it asks for, then what is seen of it.

  const pending: Event[] = [];

  function dispatch(event: Event): void {
    if (pending.push(event) > 1) return;
    for (let next; (next = pending[0]); pending.shift()) {
      const before = state;
      const [after, ...effects] = transition(state, next, { now: clock.now(), policy: settings });
      state = after;
      for (const [name, ...args] of effects) guard(perform[name], ...(args as [never, never]));
      if (!mayWait()) drop(outbox.splice(0), 'closed');
      if (state !== before) publish();
    }
    if (state.status === 'idle' && holders.size > 0) open();
    attend();
  }

  function publish(): void {
    const next = project(state, epoch);
    if (isSame(snapshot, next)) return;
    snapshot = next;
    emit('change');
  }

  // ── What the machine asks for.

  const perform = {
    dial(): void {
      dialled = true;
      letGo();
      look();
      attempt = startAttempt(settings, state, {
        resolved(place) {
          const next = place && (scopeOf(settings) ?? place);
          // Where there was no scope yet, what was queued meant this one.
          scope ??= next;
          if (scope !== next || next === null) enterScope(next, { type: 'elsewhere' });
        },
        event(event) {
          look();
          dispatch(event);
        },
        received,
      });
    },

    hangUp: (code: number, reason: string) => attempt?.socket?.close(code, reason),

    ping(): void {
      const { ping: frame } = settings.heartbeat;
      // Asked once more before the answer, it is the first question that is answered first.
      if (state.asked === 'schedule' || !(pinged >= 0)) pinged = clock.now();
      const done = guard(() =>
        sendFrame((typeof frame === 'function' ? frame() : frame) as OutFrame),
      );
      // What throws has asked nothing, so that silence proves nothing.
      if (done === undefined) dispatch({ type: 'frame' });
    },

    greet(): void {
      // The monotonic clock stops while most systems sleep, the wall clock may be set.
      const downtime = Math.max(clock.now() - heard, clock.wall() - heardWall);
      noteLife();
      greeting = true;
      emit('open', { reconnected: downtime >= 0, downtime: downtime || 0 });
      emit('greet');
      greeting = false;
      drain();
    },

    ended(cause: Cause, final: boolean) {
      letGo();
      emit('close', cause, final);
    },
  };

  // ── What the driver attends to by itself: the time, the environment, and what neither tells.

  let timer: unknown;
  let deafen: (() => void) | undefined;

  /** One timer, for the deadline; and the environment is listened to only while it could make a difference. */
  function attend(): void {
    const { deadline } = state;
    clock.clearTimeout(timer);
    if (deadline < Infinity) timer = clock.setTimeout(tick, Math.ceil(deadline - clock.now()));

    if (isLive(state))
      deafen ??=
        guard(signals, (type) => {
          look();
          dispatch({ type });
        }) ?? (() => {});
    else {
      guard(deafen);
      deafen = undefined;
    }
  }

  function tick(): void {
    look();
    dispatch({ type: 'deadline', heard });
  }

  /** What the wall clock shows when the monotonic one shows 0. */
  let epoch = NaN;
  /** What the socket's buffer held when it was last looked at. */
  let buffered = 0;

  /** Notices what no event tells, and returns the time. */
  function look(): number {
    // A buffer that shrinks proves life as a frame does, unless it is so small that our own system may have swallowed it.
    const before = buffered;
    buffered = attempt?.socket?.bufferedAmount ?? 0;
    if (buffered < before && (buffered > 0 || before > HIGH_WATER)) noteLife();

    // The monotonic clock stops while most systems sleep.
    const now = clock.now();
    const slept = -epoch + (epoch = clock.wall() - now);
    if (slept > SLEPT) dispatch({ type: 'wake' });
    return now;
  }

  // ── The link.

  let attempt: Attempt | null = null;
  /** What the data belongs to; undefined while a url function has yet to tell. */
  let scope = scopeOf(settings);
  let lastMessage: In | null = null;
  /** When the last frame came, on either clock; NaN before the first link of the scope. */
  let heard = NaN;
  let heardWall = NaN;
  /** When the probe went out whose answer is still to come. */
  let pinged = NaN;

  function letGo(): void {
    attempt?.letGo();
    attempt = null;
    buffered = 0;
    pinged = NaN;
    clock.clearTimeout(drainTimer);
    drop(trim(outbox, settings.outbox), 'overflow');
  }

  /** Nothing of the old scope reaches the new one. It is told of once the link is no longer the old one. */
  function enterScope(next: typeof scope, event: Event): void {
    const isOther = scope !== next;
    const shown = lastMessage;
    // With nothing to link to, the outbox goes with the link.
    const left = isOther && next !== null ? outbox.splice(0) : [];
    if (isOther) {
      scope = next;
      lastMessage = null;
      heard = NaN;
    }
    dispatch(next === null ? { type: 'disable' } : event);
    if (isOther) emit('scope');
    if (lastMessage !== shown) emit('change');
    drop(left, 'scope');
  }

  function received(frame: Frame): void {
    // As the standard says, nothing is delivered once the application has closed.
    if (state.status !== 'open') return;
    noteLife();
    const { pong } = settings.heartbeat;
    const answer = typeof pong === 'function' ? guard(pong, frame) : frame === pong;
    if (answer === 'control') return emit(answer, frame);
    if (answer) {
      if (pinged >= 0) dispatch({ type: 'pong', latency: heard - pinged });
      pinged = NaN;
      return;
    }

    try {
      lastMessage = settings.codec.decode(frame);
    } catch (error) {
      return emit('error', error instanceof DecodeError ? error : new DecodeError(frame, error));
    }
    const meant = scope;
    emit('message', lastMessage);
    // Whoever heard of the message after a handler had changed the scope must not keep it.
    if (scope !== meant) emit('scope');
    emit('delivered');
  }

  /** The machine hears of a frame only if it has asked for one. */
  function noteLife(): void {
    heard = clock.now();
    heardWall = clock.wall();
    if (state.asked) dispatch({ type: 'frame' });
  }

  const extensions = new Map<unknown, unknown>();
  const sendFrame = (frame: OutFrame) => take(frame, Infinity);

  // ── Sending.

  const outbox: Entry<Out>[] = [];
  /** While the handlers of `open` run, what they send goes ahead of the outbox. */
  let greeting = false;
  let drainTimer: unknown;

  /** Whether a handler has asked for something that is still to come: its later words must not go to the present link. */
  const isPending = (...types: Event['type'][]) =>
    pending.some(({ type }, at) => at > 0 && types.includes(type));

  /** Whether a message may still be sent one day. */
  const mayWait = () =>
    (isLive(state) || state.status === 'idle') && !isPending('close', 'disable');

  function encode(message: Out): OutFrame {
    const frame = settings.codec.encode(message);
    if (typeof frame !== 'string' && byteLength(frame) === undefined)
      throw new TypeError('send() takes text or binary; the rest needs a codec.');
    return frame;
  }

  /** Hands a frame to the socket, if it takes one now. */
  function take(frame: OutFrame, limit: number = HIGH_WATER): boolean {
    const socket = attempt?.socket;
    if (state.status !== 'open' || socket?.readyState !== 1 || socket.bufferedAmount > limit)
      return false;
    if (isPending('close', 'disable', 'redial', 'reconnect')) return false;
    socket.send(frame);
    buffered = socket.bufferedAmount;
    return true;
  }

  /** Sends what waits, and comes back for what the socket does not take yet. */
  function drain(): void {
    clock.clearTimeout(drainTimer);
    look();
    const sent: Out[] = [];
    let gone = 0;
    for (const { message, frame } of outbox) {
      const taken = guard(take, frame);
      if (taken === false) break;
      if (taken) sent.push(message);
      gone++;
    }
    outbox.splice(0, gone);
    if (outbox[0] && state.status === 'open') drainTimer = clock.setTimeout(drain, DRAIN_INTERVAL);
    if (sent.length > 0) emit('flush', sent);
  }

  /** Tells of what was taken out of the outbox, and returns it. */
  function drop(entries: Entry<Out>[], reason: DropReason): Entry<Out>[] {
    const messages = entries.map(({ message }) => message);
    if (messages.length > 0) emit('drop', messages, reason);
    return entries;
  }

  // ── Who wants it.

  /** Who wants it: a token for each `retain()`, and the application if it has opened without any. */
  const holders = new Set<unknown>();
  let lingerTimer: unknown;

  function open(type: 'open' | 'reconnect' = 'open'): void {
    if (scopeOf(settings) === null) return;
    if (holders.size === 0) holders.add(APPLICATION);
    dispatch({ type });
  }

  return {
    get id() {
      // Rendered on a server, it must be what the browser's first render can repeat.
      // A version 4 UUID: a name, not a secret; `crypto.randomUUID` is missing on pages without https.
      if (typeof document === 'object' || dialled)
        id ||= 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () =>
          Math.floor(Math.random() * 16).toString(16),
        );
      return id;
    },
    get socket() {
      return attempt?.socket ?? null;
    },
    get scope() {
      return scope;
    },
    get lastMessage() {
      return lastMessage;
    },
    clock,
    extend(create) {
      const extension =
        extensions.get(create) ??
        create({
          clock,
          isOpen: () => state.status === 'open',
          settings: () => settings,
          on,
          emit,
          sendNow: (message) => sendFrame(encode(message)),
          sendFrame,
        });
      extensions.set(create, extension);
      return extension as ReturnType<typeof create>;
    },
    getSnapshot: () => snapshot,
    subscribe: (listener) => on('change', listener),
    on,
    send(message: Out, { queue = true }: SendOptions = {}): SendResult {
      const meant = scope;
      if (look() >= state.deadline) tick();
      if (!mayWait() || scope !== meant) return 'dropped';

      const frame = encode(message);
      if ((greeting || !outbox[0]) && take(frame)) return 'sent';
      if (!queue) return 'dropped';

      const start = outbox.at(-1)?.end ?? 0;
      const entry: Entry<Out> = { message, frame, start, end: start + (byteLength(frame) ?? 0) };
      outbox.push(entry);
      if (state.status !== 'open')
        return drop(trim(outbox, settings.outbox), 'overflow').includes(entry)
          ? 'dropped'
          : 'queued';
      // Behind others, it is called for with them.
      if (!greeting && outbox.length === 1) drain();
      return 'queued';
    },
    open: () => open(),
    reconnect: () => open('reconnect'),

    close(code = NORMAL_CLOSURE, reason = '') {
      if (
        !(code === NORMAL_CLOSURE || (code >= 3000 && code < 5000 && code % 1 === 0)) ||
        Number(byteLength(reason)) > 123
      )
        throw new RangeError(
          'close() takes 1000 or 3000 to 4999, and a reason of up to 123 bytes.',
        );
      holders.delete(APPLICATION);
      dispatch({ type: 'close', code, reason });
    },

    update(changes) {
      const before = settings;
      const changed = { ...options, ...changes };
      settings = resolveOptions(changed);
      options = changed;

      const next = scopeOf(settings);
      const fresh = next !== scopeOf(before);
      if (fresh) enterScope(next, { type: 'redial', fresh });
      else if (next !== null && addressOf(before) !== addressOf(settings))
        dispatch({ type: 'redial', fresh });
      if (beatOf(before) !== beatOf(settings)) dispatch({ type: 'configure' });
    },

    retain() {
      const token = {};
      holders.add(token);
      clock.clearTimeout(lingerTimer);
      // At rest, it is opened for whoever holds it; what was closed stays closed.
      if (state.status === 'idle' || state.status === 'off') open();
      return () => {
        if (!holders.delete(token) || holders.size > 0) return;
        lingerTimer = clock.setTimeout(() => {
          if (holders.size === 0) dispatch({ type: 'release' });
        }, settings.linger);
      };
    },
  };
}

/** By value where an attempt goes; functions are called for every attempt anyway. */
const addressOf = ({ url, protocols }: Pick<Settings<never, never>, 'url' | 'protocols'>) =>
  [url, protocols].map((part) => (typeof part === 'function' ? '' : String(part))).join();

/** By value when a heartbeat is due; its frames are read when needed. */
const beatOf = ({
  heartbeat: { interval, timeout, ping },
}: Pick<Settings<never, never>, 'heartbeat'>) => [interval, timeout, ping === null].join();
