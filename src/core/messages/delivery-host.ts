import type { Event, State } from '../machine/state.ts';
import type { Clock } from '../platform/clock.ts';
import type { Emitter } from '../platform/emitter.ts';
import type { Codecs } from './codecs.ts';
import type { Delivery, DeliveryEvents } from './delivery.ts';
import type { EventArguments } from './events.ts';
import type { Outbox, OutboxEvents, OutboxHost } from './outbox.ts';
import type { Receiver, ReceiverEvents, ReceiverOptions } from './receiver.ts';
import type { Sender, SenderOptions } from './sender.ts';

type Events<In, Out> = EventArguments<In, Out> &
  ReceiverEvents<In> &
  OutboxEvents &
  DeliveryEvents<In> & { change: [] };

/** The parts of a connection that a delivery uses. */
export interface DeliveryHost<In, Out> extends Emitter<Events<In, Out>> {
  readonly clock: Clock;
  readonly codecs: Codecs<In, Out>;
  settings(): SenderOptions &
    ReceiverOptions & { readonly scope: State['scope']; readonly url?: unknown };
  state(): State;
  isOpen(): boolean;
  observeAndDispatch(event: Event): void;
}

/** Makes the {@link Delivery} of a connection. */
export type DeliveryOption<In, Out> = (
  host: DeliveryHost<In, Out>,
  sender: Sender<Out>,
  receiver: Receiver<In>,
  createOutbox: (host: OutboxHost<Out>) => Outbox<Out>,
) => Delivery<Out>;
