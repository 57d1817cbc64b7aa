import { memo, useState } from 'react';
import { createWebSocketHooks, json } from '../src/index.ts';
import type { Command, ServerWord } from './server/words.ts';
import { useDemoUrl } from './parts/demo-provider.tsx';
import { Button } from './ui/controls.tsx';
import { Page } from './ui/page.tsx';
import { Figure } from './ui/panel.tsx';
import { RenderCount, useRenderCount } from './ui/render-count.tsx';
import { StatusPill } from './ui/status.tsx';

const { WebSocketProvider, useTopic, useMessage, useWebSocket, useWebSocketEvent } =
  createWebSocketHooks<ServerWord, Command>({
    codec: json(),
    topics: {
      of: (word) => (word.demo === 'price' ? word.topic : null),
      subscribe: (topics) => [{ demo: 'subscribe', topics }],
      unsubscribe: (topics) => [{ demo: 'unsubscribe', topics }],
    },
  });

const NAMES = Array.from({ length: 200 }, (_, index) => `T${String(index + 1).padStart(3, '0')}`);

const Ticker = memo(function Ticker({ topic }: { topic: string }) {
  const word = useTopic(topic);
  return (
    <li className="ui-ticker">
      <span>{topic}</span>
      <strong>{word?.demo === 'price' ? word.price.toFixed(2) : '–'}</strong>
      <RenderCount count={useRenderCount()} />
    </li>
  );
});

function Summary() {
  const { status, send } = useWebSocket();
  const [count, setCount] = useState(0);
  const [links, setLinks] = useState(0);
  useMessage((word) => {
    if (word.demo === 'price') setCount((n) => n + 1);
  });
  useWebSocketEvent('open', () => setLinks((n) => n + 1));
  return (
    <section className="ui-panel ui-row" aria-label="Connection">
      <StatusPill status={status} />
      <Figure label="Messages">{count}</Figure>
      <Figure label="Links so far">{links}</Figure>
      <Button onClick={() => send({ demo: 'drop' }, { queue: false })}>Drop the link</Button>
    </section>
  );
}

/** 200 tickers over one connection. Each renders for its own topic alone; after a drop one frame subscribes to all. */
export function Topics({ room = '' }: { room?: string }) {
  const [shown, setShown] = useState(NAMES.length);
  return (
    <WebSocketProvider url={useDemoUrl(room)} reconnect={{ baseDelay: 500 }}>
      <Page
        title="Topics"
        lede="Two hundred tickers over one connection. A price renders its own ticker and nothing else; a new link subscribes to all of them with one frame."
      >
        <Summary />
        <p>
          <Button onClick={() => setShown((n) => (n === NAMES.length ? 20 : NAMES.length))}>
            {shown === NAMES.length ? 'Show only 20' : `Show all ${NAMES.length}`}
          </Button>
        </p>
        <ul className="ui-tickers" aria-label="Tickers">
          {NAMES.slice(0, shown).map((topic) => (
            <Ticker key={topic} topic={topic} />
          ))}
        </ul>
      </Page>
    </WebSocketProvider>
  );
}
