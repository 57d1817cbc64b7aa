import type { OutFrame } from '../link/frame.ts';
import { byteLength, copyFrame } from '../link/frame.ts';
import { createAlarmClock } from '../platform/alarm-clock.ts';
import type { Clock } from '../platform/clock.ts';
import type { Emitter } from '../platform/emitter.ts';
import type { DropReason, EventArguments } from './events.ts';
import type { TrackedOptions } from './send-options.ts';

/** The limits of an outbox while no link is open, and which messages are dropped above them. */
export interface OutboxLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly overflow: 'drop-oldest' | 'drop-newest';
}

/** A message in the outbox, as the application sees it. */
export interface OutboxItem<Out> {
  /** The message that was given to `send()`. */
  readonly message: Out;
  /** `waiting`: no socket has taken it yet. `sent`: a socket took it, and the server has not confirmed it yet. */
  readonly state: 'waiting' | 'sent';
  /** When it was given to `send()`, in milliseconds since the Unix epoch. */
  readonly since: number;
}

/** A message in the outbox. It changes when it is sent and not yet confirmed: a copy for that would make each message dearer. */
export interface Entry<Out> {
  item: OutboxItem<Out>;
  frame: OutFrame;
  bytes: number;
  options: TrackedOptions;
  /** When it expires, on the monotonic clock. */
  deadline: number;
  /** The same on the wall clock: the monotonic one stops during sleep on most systems, and this one can be set back. */
  expiry: number;
  /** Its number among those that are counted; 0 if it has none. What is stored has one before it is sent. */
  number: number;
}

/** The event that only extensions get from an outbox. */
export interface OutboxEvents {
  /** The outbox has changed. */
  outbox: [];
}

/** The parts of a connection that an outbox uses. */
export interface OutboxHost<Out> extends Pick<
  Emitter<OutboxEvents & Pick<EventArguments<never, Out>, 'flush' | 'drop'>>,
  'emit'
> {
  readonly clock: Clock;
  settings(): { readonly outbox: OutboxLimits };
}

/** The messages that wait for a socket, in the order in which they were sent. */
export interface Outbox<Out> {
  /** The entries. They may be added and removed during a loop over them. */
  readonly entries: ReadonlySet<Entry<Out>>;
  /** What the application sees of them: the same array until they change. */
  readonly items: readonly OutboxItem<Out>[];
  /** Adds an entry at the end. Returns it. */
  add(entry: Entry<Out>): Entry<Out>;
  /** Removes an entry, of which {@link tell} tells. */
  remove(entry: Entry<Out>): void;
  /** Tells that entries have left: dropped for a reason, or sent. */
  tell(left: readonly Entry<Out>[], reason?: DropReason): void;
  /** Removes all entries, or those for which the function returns true. Returns the function that tells of it. */
  drop(reason: DropReason, isMeant?: (entry: Entry<Out>) => boolean): () => void;
  /** Removes the entries above the limits. Returns the function that tells of it. */
  trim(): () => void;
  /** Removes the entries that have expired, and tells of it. A timer calls it, which may be late. */
  expire(): void;
}

/** Makes an entry with a copy of the frame: the application may change its bytes. */
export function makeEntry<Out>(
  clock: Clock,
  message: Out,
  frame: OutFrame,
  options: TrackedOptions,
  state: OutboxItem<Out>['state'] = 'waiting',
): Entry<Out> {
  const { expires = Infinity } = options;
  const since = clock.wall();
  return {
    item: { message, state, since },
    frame: copyFrame(frame),
    bytes: byteLength(frame) as number,
    options,
    deadline: clock.now() + expires,
    expiry: since + expires,
    number: 0,
  };
}

/** Makes an {@link Outbox}. */
export function createOutbox<Out>({ clock, settings, emit }: OutboxHost<Out>): Outbox<Out> {
  const entries = new Set<Entry<Out>>();
  let items: readonly OutboxItem<Out>[] | null = [];
  let bytes = 0;
  const alarm = createAlarmClock(clock, expire);
  // One function for all entries: a signal adds it only once.
  const onAbort = ({ target }: Event) =>
    drop('aborted', ({ options }) => options.signal === target)();

  function remove(entry: Entry<Out>): Entry<Out> {
    entries.delete(entry);
    bytes -= entry.bytes;
    items = null;
    return entry;
  }

  function tell(left: readonly Entry<Out>[], reason?: DropReason): void {
    if (left.length === 0) return;
    if (entries.size === 0) alarm.clear();
    for (const { options } of left) {
      const { signal } = options;
      if (signal && ![...entries].some((other) => other.options.signal === signal))
        signal.removeEventListener('abort', onAbort);
      options.left?.(reason);
    }
    emit('outbox');
    const messages = left.map(({ item }) => item.message);
    if (reason) emit('drop', messages, reason);
    else emit('flush', messages);
  }

  function drop(reason: DropReason, isMeant: (entry: Entry<Out>) => boolean = () => true) {
    const dropped = [...entries].filter((entry) => isMeant(entry) && remove(entry));
    return () => tell(dropped, reason);
  }

  const isExpired = ({ deadline, expiry }: Entry<Out>) =>
    clock.now() >= deadline || clock.wall() >= expiry;

  function expire(): void {
    const tellExpired = drop('expired', isExpired);
    for (const { deadline } of entries) alarm.set(deadline);
    tellExpired();
  }

  return {
    entries,
    get items() {
      return (items ??= Array.from(entries, ({ item }) => item));
    },
    add(entry) {
      entries.add(entry);
      bytes += entry.bytes;
      items = null;
      entry.options.signal?.addEventListener('abort', onAbort);
      alarm.set(entry.deadline);
      emit('outbox');
      return entry;
    },
    remove,
    tell,
    drop,
    trim() {
      const { maxMessages, maxBytes, overflow } = settings().outbox;
      const isOver = () => entries.size > maxMessages || bytes > maxBytes;
      const dropped: Entry<Out>[] = [];
      const dropFrom = (list: Iterable<Entry<Out>>) => {
        for (const entry of list) {
          if (!isOver()) return;
          dropped.push(remove(entry));
        }
      };
      // A message that is larger than the limit is dropped by itself: it must not push out the others.
      if (bytes > maxBytes) dropFrom([...entries].filter((entry) => entry.bytes > maxBytes));
      // oxlint-disable-next-line unicorn/no-array-reverse -- toReversed() is too new
      if (isOver()) dropFrom(overflow === 'drop-newest' ? [...entries].reverse() : entries);
      return () => tell(dropped, 'overflow');
    },
    expire,
  };
}
