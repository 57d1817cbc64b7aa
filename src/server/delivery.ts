import type { Broadcaster } from './broadcasts/broadcaster.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Events } from './events.ts';
import { History } from './history/history.ts';
import { REPLAY_RATE, WINDOW_BYTES } from './limits/delivery.ts';
import { RateLimit } from './limits/rate-limit.ts';
import type { Settings } from './options/settings.ts';
import type { Receiver } from './receiver.ts';
import type { SessionApp } from './sessions/app.ts';
import { Sessions } from './sessions/sessions.ts';
import { identityOf } from './sessions/store.ts';
import type { Counters } from './stats/stats.ts';

interface DeliveryParts<Identity extends AnyIdentity, In, Out> {
  readonly settings: Settings<Identity, In, Out>;
  readonly app: SessionApp;
  readonly receiver: Receiver<Identity, In, Out>;
  readonly broadcaster: Broadcaster<Identity>;
  readonly events: Events<Identity, In, Out>;
  readonly counters: Counters;
}

/** The sessions of a server and the history of its topics, as far as its options ask for them. */
export interface Delivery<Identity extends AnyIdentity, Out> {
  /** How many outboxes are remembered. */
  readonly size: number;
  /** A client may begin a session from now on; undefined if the server keeps none. */
  readonly opened: ((client: ServerClient<Identity, Out>) => void) | undefined;
  start(): void;
  stop(): Promise<void>;
}

/** Connects the sessions and the history with the rest of the server. */
export function createDelivery<Identity extends AnyIdentity, In, Out>(
  parts: DeliveryParts<Identity, In, Out>,
): Delivery<Identity, Out> {
  const { settings, receiver } = parts;
  if (!settings.sessions) return { size: 0, opened: undefined, start() {}, async stop() {} };
  const { sessions: store, handlerTimeout, maxPayload } = settings;
  const { app, events, counters } = parts;
  const budget = new RateLimit(REPLAY_RATE);
  const history = createHistory(parts, budget);
  const clientOf = (client: ServerClient<AnyIdentity>) => client as ServerClient<Identity, Out>;
  const sessions = new Sessions(
    {
      app,
      store,
      counters,
      handlerTimeout,
      forgotten: (forgotten) => events.emit('forgotten', forgotten),
    },
    {
      history,
      budget,
      counters,
      hasIdentities: settings.authenticate !== undefined,
      bytes: Math.max(WINDOW_BYTES, 2 * maxPayload),
      largest: maxPayload,
      takesRate: (client) => receiver.takesRate(clientOf(client)),
      deliver: (client, data) => receiver.deliver(clientOf(client), data),
    },
  );
  return {
    get size() {
      return store.size;
    },
    opened: (client) => sessions.opened(client),
    start() {
      history?.start();
      sessions.start();
    },
    async stop() {
      await Promise.all([sessions.stop(), history?.stop()]);
    },
  };
}

function createHistory<Identity extends AnyIdentity, In, Out>(
  { settings, broadcaster, events, counters }: DeliveryParts<Identity, In, Out>,
  budget: RateLimit,
): History | null {
  if (!settings.history) return null;
  const history = new History({
    store: settings.history,
    counters,
    budget,
    // A topic of the application begins with `t`, which no identity does.
    forgotten: (key) =>
      events.emit('forgotten', { what: 'history', of: identityOf(key) ?? key.slice(1) }),
    report: events.report,
  });
  broadcaster.history = history;
  return history;
}
