import type { Delivery } from '../messages/delivery.ts';
import type { DeliveryHost, DeliveryOption } from '../messages/delivery-host.ts';
import type { Sender } from '../messages/sender.ts';
import { checkNames } from '../platform/check-names.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import { Session } from './session.ts';
import type { StoreOption } from './stored-session.ts';

/** The options of {@link confirmed}. */
export interface ConfirmedOptions {
  /**
   * Where messages are kept that are not confirmed, so that they outlive the page: `indexedDbStore()`, or `outboxStore()` for one of your
   * own. It needs the option `scope`. Requests are not stored. @defaultValue they end with the page
   */
  readonly store?: StoreOption | undefined;
  /** Whether the browser asks before a page with unconfirmed messages is closed. @defaultValue false */
  readonly preventUnload?: boolean | undefined;
}

/**
 * Makes the value of the `delivery` option, for a server made with `createLifelineServer({ sessions, history })` or one that speaks
 * the same protocol. Each message reaches the server's handler once and in order, and each message of a topic reaches the
 * application once and in order, also over lost links; where that cannot be kept, an event says which messages or topics.
 * It does nothing before the connection is used, so that it can be made in render.
 *
 * @throws TypeError if an option is unknown; `createConnection()` throws one if there is a `store` and no `scope`.
 * @example
 * ```tsx
 * <WebSocketProvider url="wss://example.com/live" heartbeat={lifeline()} delivery={confirmed()}>
 *   <App />
 * </WebSocketProvider>
 * ```
 */
export function confirmed(
  options: ConfirmedOptions = {},
): <In, Out>(...parts: Parameters<DeliveryOption<In, Out>>) => Delivery<Out> {
  if (FULL_TEXTS) checkNames(options, NAMES, 'an option of confirmed()');
  const { store, preventUnload } = options;
  return (...parts) => {
    const delivery = store ? store(...parts) : new Session(...parts);
    const [host, sender] = parts;
    if (preventUnload) askBeforeUnload(host, sender);
    return delivery;
  };
}

const NAMES: Record<keyof ConfirmedOptions, string> = { store: '', preventUnload: '' };

/** Listens to `beforeunload` only while something is not confirmed: a listener keeps pages of Firefox out of the page cache. */
function askBeforeUnload<In, Out>(
  { on }: Pick<DeliveryHost<In, Out>, 'on'>,
  sender: Pick<Sender<Out>, 'outbox'>,
): void {
  // A function for each connection: one of them must not remove what another one has added.
  const ask = (event: Event) => {
    event.preventDefault();
    // Chromium before 119.
    (event as { returnValue: unknown }).returnValue = true;
  };
  on('outbox', () => {
    const change = sender.outbox.length > 0 ? 'addEventListener' : 'removeEventListener';
    globalThis[change]?.('beforeunload', ask);
  });
}
