import { useEffect, useState } from 'react';
import type { AlignedData } from 'uplot';
import { createWebSocketHooks, json } from '../../src/index.ts';
import { ControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, useDemoUrl } from '../parts/demo-provider.tsx';
import type { Command, ServerWord } from '../server/words.ts';
import { Page } from '../ui/page.tsx';
import { Figure } from '../ui/panel.tsx';
import { Plot, type PlotSeries } from '../ui/plot.tsx';
import { Rates } from '../ui/rates.tsx';
import { isBroken } from '../ui/status.tsx';
import { createTally, type Tally } from '../ui/tally.ts';

const { WebSocketProvider, useWebSocket, useMessage, useTopic, useWebSocketEvent } =
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

const METALS: readonly PlotSeries[] = [
  { label: 'Copper', colour: 'accent' },
  { label: 'Nickel', colour: 'good' },
  { label: 'Zinc', colour: 'warn' },
];

/** The newest price, rendered at most once a frame. */
function Price({ metal, tally }: { metal: string; tally: Tally }) {
  const word = useTopic(metal);
  useEffect(() => tally.render());
  return <Figure label={metal}>{word?.demo === 'price' ? word.price.toFixed(2) : '–'}</Figure>;
}

function Prices({ tally }: { tally: Tally }) {
  const { status } = useWebSocket();
  return (
    <section className="ui-panel ui-lines" aria-label="Prices">
      <div className="ui-figures">
        {METALS.map(({ label }) => (
          <Price key={label} metal={label} tally={tally} />
        ))}
      </div>
      <p className="ui-note">
        {isBroken(status)
          ? 'No connection: these are the last known prices.'
          : 'The newest price of each metal.'}
      </p>
    </section>
  );
}

const SECONDS = 30;

/** The prices of the last half a minute, read by the plot. */
function createHistory() {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  const columns: (number | null)[][] = [[], ...METALS.map(() => [])];
  return {
    add(metal: string, price: number) {
      if (!first.has(metal)) first.set(metal, price);
      last.set(metal, price);
    },
    /** Without a new price, the line has a gap. */
    read(): AlignedData {
      const points = METALS.map(({ label }) => {
        const [start, price] = [first.get(label), last.get(label)];
        return start && price ? (price / start - 1) * 100 : null;
      });
      const now = Date.now() / 1000;
      [now, ...points].forEach((value, n) => columns[n]?.push(value));
      last.clear();
      while (Number(columns[0]?.[0]) < now - SECONDS) for (const column of columns) column.shift();
      return columns as unknown as AlignedData;
    },
  };
}

function Chart({ tally }: { tally: Tally }) {
  const [history] = useState(createHistory);
  // Gets every message, in order, without rendering.
  useMessage((word) => {
    if (word.demo !== 'price') return;
    tally.message();
    history.add(word.topic, word.price);
  });
  return (
    <section className="ui-panel">
      <Plot
        label="Change since the first price"
        series={METALS}
        read={history.read}
        span={SECONDS}
        unit=" %"
      />
    </section>
  );
}

function Stream({ perSecond }: { perSecond: number }) {
  const { connection, send } = useWebSocket();
  const startStream = () => send({ demo: 'stream', perSecond }, { queue: false });
  useWebSocketEvent('open', startStream);
  useEffect(() => {
    send({ demo: 'stream', perSecond }, { queue: false });
  }, [send, perSecond]);
  return <ControlBar connection={connection} />;
}

/** Thousands of prices a second over one connection, with few renders. */
export function LiveData({ room = '', perSecond = 5_000 }: { room?: string; perSecond?: number }) {
  const [tally] = useState(createTally);
  return (
    <WebSocketProvider url={useDemoUrl(room)}>
      <Page
        title="Live data"
        lede="Thousands of prices a second. A handler gets every price and adds it to the plot. The numbers render at most once for each frame of the screen."
      >
        <Stream perSecond={perSecond} />
        <Rates tally={tally} rendersOf="three prices" />
        <Prices tally={tally} />
        <Chart tally={tally} />
      </Page>
    </WebSocketProvider>
  );
}
