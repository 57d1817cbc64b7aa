import { memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { createWebSocketHooks, json } from '../../src/index.ts';
import type { Command, ServerWord } from '../server/words.ts';
import { createControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, useDemoUrl } from '../parts/demo-provider.tsx';
import { Button } from '../ui/controls.tsx';
import { Page } from '../ui/page.tsx';
import { Figure } from '../ui/panel.tsx';
import { isBroken } from '../ui/status.tsx';

const { WebSocketProvider, useTopic, useMessage, useMessages, useWebSocket, useWebSocketEvent } =
  createWebSocketHooks<ServerWord, Command>({
    codec: json(),
    heartbeat: DEMO_HEARTBEAT,
    reconnect: DEMO_RECONNECT,
    topics: {
      of: (word) => (word.demo === 'price' ? word.topic : null),
      subscribe: (topics) => [{ demo: 'subscribe', topics }],
      unsubscribe: (topics) => [{ demo: 'unsubscribe', topics }],
    },
  });

const NAMES = Array.from({ length: 200 }, (_, index) => `T${String(index + 1).padStart(3, '0')}`);

/** Counts without a render. */
function createCounter() {
  let count = 0;
  return {
    add: () => {
      count++;
    },
    read: () => count,
  };
}

type Counter = ReturnType<typeof createCounter>;

/** The part of a ticker that renders again: thousands of times a second, so it is a text without an element. */
function Price({ topic, renders }: { topic: string; renders: Counter }) {
  const word = useTopic(topic);
  useEffect(() => renders.add());
  return word?.demo === 'price' ? word.price.toFixed(2) : '–';
}

/** Milliseconds between two readings of a count: each new text costs layout, and nobody reads faster. */
const COUNT_PERIOD = 500;

/** How often a price was rendered. */
function Renders({ renders }: { renders: Counter }) {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount(renders.read()), COUNT_PERIOD);
    return () => clearInterval(timer);
  }, [renders]);
  return (
    <output aria-live="off" aria-label="Times rendered">
      {count}
    </output>
  );
}

const Ticker = memo(function Ticker({ topic }: { topic: string }) {
  const [renders] = useState(createCounter);
  return (
    <li className="ui-ticker">
      <span>{topic}</span>
      <Renders renders={renders} />
      <strong>
        <Price topic={topic} renders={renders} />
      </strong>
    </li>
  );
});

const isMarket = (word: ServerWord) => word.demo === 'market';

/** Counts of the page and of the server. */
function Summary({ children }: { children: ReactNode }) {
  const { status } = useWebSocket();
  const [market] = useMessages({ limit: 1, filter: isMarket });
  const received = useRef(0);
  const [count, setCount] = useState(0);
  const [links, setLinks] = useState(0);
  // A handler gets every price. To render for each of them would be thousands of renders a second.
  useMessage((word) => {
    if (word.demo === 'price') received.current++;
  });
  useEffect(() => {
    const timer = setInterval(() => setCount(received.current), 250);
    return () => clearInterval(timer);
  }, []);
  useWebSocketEvent('open', () => setLinks((n) => n + 1));
  const known = status === 'open' && market;
  return (
    <section className="ui-panel ui-hero" aria-label="Connection">
      <div className="ui-figures">
        <Figure label="Prices received">{count}</Figure>
        <Figure label="Topics at the server">{known ? known.topics : '–'}</Figure>
        <Figure label="Subscribe messages">{known ? known.calls : '–'}</Figure>
        <Figure label="Connections so far">{links}</Figure>
      </div>
      <div className="ui-buttons">{children}</div>
      <p className="ui-note">
        {isBroken(status)
          ? 'No connection: the boxes show the last known prices.'
          : 'Each box shows the newest price of its topic.'}
      </p>
    </section>
  );
}

function Controls({ perSecond, children }: { perSecond: number; children: ReactNode }) {
  const { status, send } = useWebSocket();
  const [running, setRunning] = useState(true);
  const rate = running ? perSecond : 0;
  // Not queued: it is sent again on each new link.
  useWebSocketEvent('open', () => send({ demo: 'stream', perSecond: rate }, { queue: false }));
  useEffect(() => {
    send({ demo: 'stream', perSecond: rate }, { queue: false });
  }, [send, rate]);
  return (
    <>
      <Button kind="primary" off={status !== 'open'} onClick={() => setRunning(!running)}>
        {running ? 'Stop' : 'Start'}
      </Button>
      {children}
    </>
  );
}

const ControlBar = createControlBar(useWebSocket);

/** 200 tickers over one connection. Each renders for its own topic only; on a new link, one frame subscribes to all. */
export function Topics({ room = '', perSecond = 200 }: { room?: string; perSecond?: number }) {
  const [shown, setShown] = useState(NAMES.length);
  return (
    <WebSocketProvider url={useDemoUrl(room)}>
      <Page
        title="Topics"
        lede="200 prices, each with a topic of its own, over one connection. A new price renders only its own box: the number in the corner counts the renders. After a reconnect, one message subscribes to all topics again."
      >
        <ControlBar />
        <Summary>
          <Controls perSecond={perSecond}>
            <Button onClick={() => setShown((n) => (n === NAMES.length ? 20 : NAMES.length))}>
              {shown === NAMES.length ? 'Show only 20' : `Show all ${NAMES.length}`}
            </Button>
          </Controls>
        </Summary>
        <ul
          className="ui-tickers"
          aria-label="Tickers"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it where it is narrow
          tabIndex={0}
        >
          {NAMES.slice(0, shown).map((topic) => (
            <Ticker key={topic} topic={topic} />
          ))}
        </ul>
      </Page>
    </WebSocketProvider>
  );
}
