import type { Frame, OutFrame } from '../link/frame.ts';
import type { Delivery, DeliveryEvents } from '../messages/delivery.ts';
import type { DropReason, EventArguments } from '../messages/events.ts';
import type { Intercepted, ReceiverEvents } from '../messages/receiver.ts';
import type { Entry, OutboxEvents } from '../messages/outbox.ts';
import type { TrackedOptions } from '../messages/send-options.ts';
import type { SendResult } from '../messages/sender.ts';
import type { Settings } from '../options/settings.ts';
import type { Clock } from '../platform/clock.ts';
import type { Emitter } from '../platform/emitter.ts';
import { FULL_TEXTS } from '../platform/texts.ts';

/**
 * A function that adds a feature to a connection, for `connection.extend()`. It listens to the events of the connection
 * and may send on every new link. Topics and presence are extensions.
 */
export interface Extension<In, Out, Api> {
  /** Attaches the extension to a connection. Returns its API, which `extend()` gives to the caller. */
  (host: Host<In, Out>): Api;
  /** Identifies the extension. A connection attaches at most one extension with each key. */
  readonly key: symbol;
}

/**
 * The events that an extension can listen to, with their arguments: those of `connection.on()`, and some that only
 * extensions get.
 */
export interface HostEvents<In, Out>
  extends EventArguments<In, Out>, ReceiverEvents<In>, OutboxEvents, DeliveryEvents<In> {
  /** The snapshot has changed, or a new scope was entered. */
  change: [];
  /** A link is open and the `open` handlers have run. Messages sent now go before those in the outbox. */
  link: [];
}

/** The side of a connection that an extension sees. `on` and `emit` take the events of {@link HostEvents}. */
export interface Host<In, Out> extends Emitter<HostEvents<In, Out>>, Intercepted<In> {
  /** The clock of the connection: its time and its timers. */
  readonly clock: Clock;
  /** Whether a link is open. */
  isOpen(): boolean;
  /** Returns the current options, with the defaults filled in. */
  settings(): Settings<In, Out>;
  /** What keeps messages until they are confirmed, with the option `delivery`. */
  readonly delivery?: Delivery<Out> | undefined;
  /** Decodes a frame of the application. `take` is called with each message. */
  decode(frame: Frame, take: (message: In) => void): void;
  /** Sends a message as the application does. */
  send(message: Out, options?: TrackedOptions): SendResult;
  /**
   * Removes messages from the outbox: all, or those for which the function returns true. Returns the function that emits the
   * `drop` event.
   */
  clear(reason: DropReason, isMeant?: (entry: Entry<Out>) => boolean): () => void;
  /** Sends a message at once, without the outbox. Returns false if no link can take it. */
  sendNow(message: Out): boolean;
  /** Sends a frame at once, without the codec and the outbox. Returns false if no link can take it. */
  sendFrame(frame: OutFrame): boolean;
  /** Detaches the extension: its listeners are removed. The next `extend()` attaches it again. */
  detach(): void;
}

/** What an extension sees of the other parts of a connection. */
type Parts<In, Out> = Pick<Host<In, Out>, 'send' | 'decode' | 'sendNow' | 'sendFrame' | 'clear'>;

/** Makes the `extend()` function of a connection. */
export function createExtensions<In, Out>(
  {
    clock,
    isOpen,
    settings,
    on,
    emit,
    interceptors,
    delivery,
  }: Omit<Host<In, Out>, keyof Parts<In, Out> | 'detach'>,
  { sendNow, sendFrame, clear }: Pick<Parts<In, Out>, 'sendNow' | 'sendFrame' | 'clear'>,
  { decode }: Pick<Parts<In, Out>, 'decode'>,
  send: Parts<In, Out>['send'],
): <Api>(extension: Extension<In, Out, Api>) => Api {
  const attached = new Map<symbol, unknown>();

  return <Api>(attach: Extension<In, Out, Api>) => {
    const { key } = attach;
    if (FULL_TEXTS && typeof key !== 'symbol')
      throw new TypeError('extend() takes a function with a symbol as its key.');
    if (attached.has(key)) return attached.get(key) as Api;
    const removers = new Set<() => void>();
    const api = attach({
      clock,
      isOpen,
      settings,
      emit,
      interceptors,
      delivery,
      sendNow,
      sendFrame,
      clear,
      decode,
      send,
      on(type, listener) {
        const remove = on(type, listener);
        removers.add(remove);
        return () => {
          removers.delete(remove);
          remove();
        };
      },
      detach() {
        for (const remove of removers) remove();
        removers.clear();
        attached.delete(key);
      },
    });
    attached.set(key, api);
    return api;
  };
}
