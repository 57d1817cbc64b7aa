import type { OutFrame } from '../link/frame.ts';
import type { EventArguments } from '../messages/events.ts';
import type { ReceiverEvents } from '../messages/receiver.ts';
import type { Settings } from '../options/settings.ts';
import type { Clock } from '../platform/clock.ts';
import type { Emitter } from '../platform/emitter.ts';
import { FULL_TEXTS } from '../platform/texts.ts';

/** What takes part in every link of a connection, such as topics. It costs nothing where it is not imported. */
export interface Extension<In, Out, Api> {
  /** Attaches it to a connection, and returns what its users call. */
  (host: Host<In, Out>): Api;
  /** Names it: a connection attaches one extension for each key. */
  readonly key: symbol;
}

/** What a connection and its extensions hear: the events of the application, and more. */
export interface HostEvents<In, Out> extends EventArguments<In, Out>, ReceiverEvents<In> {
  /** The snapshot has changed, or what was received has been forgotten. */
  change: [];
  /** A new link is open: what is sent now goes ahead of the outbox. */
  link: [];
}

/** What a connection offers to an extension. */
export interface Host<In, Out> extends Emitter<HostEvents<In, Out>> {
  readonly clock: Clock;
  /** Whether a link is open. */
  isOpen(): boolean;
  /** The options of the moment. */
  settings(): Settings<In, Out>;
  /** Sends a message past the outbox; false where no link takes it. */
  sendNow(message: Out): boolean;
  /** Sends a frame as it is, past the codec and the outbox; false where no link takes it. */
  sendFrame(frame: OutFrame): boolean;
  /** Ends the extension: its listeners are removed, and the next `extend()` attaches it anew. */
  detach(): void;
}

/** Makes the `extend()` of a connection. */
export function createExtensions<In, Out>(
  {
    clock,
    isOpen,
    settings,
    on,
    emit,
  }: Pick<Host<In, Out>, 'clock' | 'isOpen' | 'settings' | 'on' | 'emit'>,
  { sendNow, sendFrame }: Pick<Host<In, Out>, 'sendNow' | 'sendFrame'>,
): <Api>(extension: Extension<In, Out, Api>) => Api {
  const attached = new Map<symbol, unknown>();

  return <Api>(attach: Extension<In, Out, Api>) => {
    const { key } = attach;
    if (typeof key !== 'symbol')
      throw new TypeError(
        `extend() takes a function${FULL_TEXTS ? ' with a symbol as its key' : ''}.`,
      );
    if (attached.has(key)) return attached.get(key) as Api;
    const removers = new Set<() => void>();
    const api = attach({
      clock,
      isOpen,
      settings,
      emit,
      sendNow,
      sendFrame,
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
