import type { Frame, OutFrame } from '../link/frame.ts';
import type { AttemptOptions } from '../link/link.ts';
import type { Policy } from '../machine/state.ts';
import type { CodecOption } from '../messages/codec.ts';
import type { DeliveryOption } from '../messages/delivery-host.ts';
import type { HANDLERS } from '../messages/events.ts';
import type { Handshake } from '../messages/handshake.ts';
import type { ReceiverOptions } from '../messages/receiver.ts';
import type { SenderOptions } from '../messages/sender.ts';
import type { Clock } from '../platform/clock.ts';
import type { Signals } from '../platform/signals.ts';
import {
  DEFAULTS,
  HEARTBEAT,
  NO_HEARTBEAT,
  NO_OUTBOX,
  NO_RECONNECT,
  OUTBOX,
  RECONNECT,
  withDefaults,
} from './defaults.ts';
import type { ConnectionOptions, RequestProtocol, TopicOptions } from './options.ts';
import { scopeOf } from './scope.ts';
import { validateOptions } from './validate.ts';

type Handlers<In, Out> = Pick<ConnectionOptions<In, Out>, (typeof HANDLERS)[keyof typeof HANDLERS]>;

/** The checked options with the defaults filled in. It extends the option types of the parts that read them. */
export interface Settings<In, Out>
  extends Policy, AttemptOptions, SenderOptions, ReceiverOptions, Handlers<In, Out> {
  readonly heartbeat: {
    readonly interval: number;
    readonly timeout: number;
    readonly maxTimeout: number;
    readonly ping: OutFrame | (() => OutFrame) | null;
    readonly pong: string | ((frame: Frame) => boolean | 'control') | null;
    readonly reply?: (frame: Frame) => OutFrame | null | undefined;
    readonly leave?: OutFrame;
  };
  readonly linger: number;
  readonly codec: CodecOption<In, Out>;
  readonly handshake?: Handshake<In, Out> | undefined;
  readonly topics?: TopicOptions<In, Out> | undefined;
  readonly requests?: RequestProtocol<In, Out> | undefined;
  readonly delivery?: DeliveryOption<In, Out> | undefined;
  readonly clock: Partial<Clock>;
  readonly signals: Signals;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError if an option is not valid; the message names the option and the expected values.
 */
export function resolveOptions<In, Out>(options: ConnectionOptions<In, Out>): Settings<In, Out> {
  validateOptions(options);
  const { heartbeat, reconnect = true, outbox = true } = options;
  return {
    ...withDefaults(options, DEFAULTS),
    scope: scopeOf(options),
    heartbeat: withDefaults(heartbeat || NO_HEARTBEAT, HEARTBEAT),
    reconnect: withDefaults(reconnect || NO_RECONNECT, RECONNECT),
    outbox: withDefaults(outbox || NO_OUTBOX, OUTBOX),
  } as unknown as Settings<In, Out>;
}
