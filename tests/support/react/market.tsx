import { Profiler, type ReactNode } from 'react';
import { z } from 'zod';
import { createWebSocketHooks, json } from '../../../src/index.ts';

const trade = z.object({ topic: z.string(), price: z.number() });
export type Trade = z.infer<typeof trade>;

/** A typed provider and its hooks, over a server that takes lists of topics. */
export const market = createWebSocketHooks({
  codec: json({ schema: trade, out: z.unknown() }),
  topics: {
    of: (message) => message.topic,
    subscribe: (topics) => [{ subscribe: topics }],
    unsubscribe: (topics) => [{ unsubscribe: topics }],
  },
});

/** Tells of each of its renders. */
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

/** Hands every message of a topic to a handler. */
export function Buyer({ topic, onTrade }: { topic: string; onTrade: (trade: Trade) => void }) {
  market.useTopic(topic, onTrade);
  return null;
}

/** Shows the prices of the newest messages, and hands out the list itself. */
export function Tape({
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
  return <output data-testid="tape">{list.map(({ price }) => price).join(' ')}</output>;
}
