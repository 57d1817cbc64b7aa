import { Profiler, type ReactNode } from 'react';
import { z } from 'zod';
import {
  type Connection,
  type ConnectionOptions,
  createWebSocketHooks,
  json,
  useTopic,
} from '../../../src/index.ts';

const trade = z.object({ topic: z.string(), price: z.number() });
export type Trade = z.infer<typeof trade>;

/** Options for a server that takes lists of topics. */
export const marketOptions = {
  codec: json({ schema: trade, out: z.unknown() }),
  topics: {
    of: (message) => message.topic,
    subscribe: (topics) => [{ subscribe: topics }],
    unsubscribe: (topics) => [{ unsubscribe: topics }],
  },
} satisfies ConnectionOptions<Trade, unknown>;

/** A typed provider and its hooks for that server. */
export const market = createWebSocketHooks(marketOptions);

/** Another provider and its hooks, for other messages. */
export const news = createWebSocketHooks({ codec: json<string, never>() });

/** Shows the newest message of `news`. */
export function Headline() {
  return <output data-testid="headline">{news.useWebSocket().lastMessage}</output>;
}

/** Calls back on each render. */
export function Counted({ onRender, children }: { onRender: () => void; children: ReactNode }) {
  return (
    <Profiler id="counted" onRender={onRender}>
      {children}
    </Profiler>
  );
}

/** Shows the last price of a topic. */
export function Price({ topic }: { topic: string | null }) {
  return (
    <output data-testid={`price of ${topic}`}>{market.useTopic(topic)?.price ?? 'none'}</output>
  );
}

/** Shows the last price of a topic of a given connection. */
export function PriceOf({
  connection,
  topic,
}: {
  connection: Connection<Trade, unknown>;
  topic: string;
}) {
  return (
    <output data-testid={`price of ${topic}`}>
      {useTopic(topic, { connection })?.price ?? 'none'}
    </output>
  );
}

/** Shows the last price of a topic and the newest prices, both so many times a second at most. */
export function Limited({ topic, maxRate }: { topic: string; maxRate: number | undefined }) {
  const prices = [
    market.useTopic(topic, { maxRate })?.price,
    ...market.useMessages({ maxRate }).map(({ price }) => price),
  ];
  return <output data-testid="limited">{prices.join(' ')}</output>;
}

/** Shows the last price from three hooks. */
export function Everything({ topic }: { topic: string }) {
  const prices = [
    market.useWebSocket().lastMessage?.price,
    market.useTopic(topic)?.price,
    market.useMessages().at(-1)?.price,
  ];
  return <output data-testid="everything">{prices.join(', ')}</output>;
}

/** Passes every message of a topic to a handler. */
export function TradeListener({
  topic,
  onTrade,
}: {
  topic: string;
  onTrade: (trade: Trade) => void;
}) {
  market.useTopic(topic, onTrade);
  return null;
}

/** Shows the prices of the newest messages, and passes the list to a callback. */
export function PriceList({
  limit,
  filter,
  onList,
}: {
  limit?: number;
  filter?: (message: Trade) => boolean;
  onList?: (list: readonly Trade[]) => void;
}) {
  const list = market.useMessages({ limit, filter });
  onList?.(list);
  return <output data-testid="price list">{list.map(({ price }) => price).join(' ')}</output>;
}
