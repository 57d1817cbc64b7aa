import type { Delivery } from '../messages/delivery.ts';
import type { DeliveryOption } from '../messages/delivery-host.ts';
import { Session } from './session.ts';

/**
 * Makes the value of the `delivery` option, for a server made with `createLifelineServer({ sessions, history })` or one that speaks
 * the same protocol. Each message reaches the server's handler once and in order, and each message of a topic reaches the
 * application once and in order, also over lost links; where that cannot be kept, an event says which messages or topics.
 *
 * @example
 * ```tsx
 * <WebSocketProvider url="wss://example.com/live" heartbeat={lifeline()} delivery={confirmed()}>
 *   <App />
 * </WebSocketProvider>
 * ```
 */
export const confirmed =
  (): (<In, Out>(...parts: Parameters<DeliveryOption<In, Out>>) => Delivery<Out>) =>
  (...parts) =>
    new Session(...parts);
