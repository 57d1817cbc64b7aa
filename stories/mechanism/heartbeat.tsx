import { useEffect, useState } from 'react';
import type { AlignedData } from 'uplot';
import { useWebSocket, useWebSocketEvent } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { type DemoOptions, DemoProvider } from '../parts/demo-provider.tsx';
import { Page } from '../ui/page.tsx';
import { Figure } from '../ui/panel.tsx';
import { Plot, type PlotMark, type PlotSeries } from '../ui/plot.tsx';

const ROUND_TRIPS: readonly PlotSeries[] = [
  { label: 'Round trip', colour: 'accent', points: true },
];
const SECONDS = 30;

/** The round trips of the last half a minute, and what happened meanwhile. */
function createRecord() {
  let points: { at: number; latency: number | null }[] = [];
  let marks: PlotMark[] = [];
  const now = () => Date.now() / 1000;
  return {
    answered: (latency: number) => points.push({ at: now(), latency }),
    cut: () => marks.push({ at: now(), label: 'cut', side: 'left' }),
    /** Ends the line: what comes next belongs to another link. A failed attempt is no second end. */
    lost(label: string) {
      if (points.at(-1)?.latency === null) return;
      points.push({ at: now(), latency: null });
      marks.push({ at: now(), label, side: 'right' });
    },
    marks: () => marks,
    read(): AlignedData {
      const start = now() - SECONDS - 5;
      points = points.filter(({ at }) => at > start);
      marks = marks.filter(({ at }) => at > start);
      return [points.map(({ at }) => at), points.map(({ latency }) => latency)];
    },
  };
}

/** How long it took the last time that the cable was cut. */
interface Rescue {
  /** Until the next link is open. */
  readonly cutAt?: number | undefined;
  readonly noticedAfter?: number;
  readonly openAfter?: number;
}

function Pulse() {
  const { latency } = useWebSocket();
  const [record] = useState(createRecord);
  const [rescue, setRescue] = useState<Rescue>({});

  useEffect(() => {
    if (latency !== null) record.answered(latency);
  }, [latency, record]);

  const since = (at: number) => (performance.now() - at) / 1000;
  useWebSocketEvent('close', () => {
    record.lost(rescue.cutAt ? 'noticed' : 'lost');
    setRescue((old) =>
      old.cutAt && !old.noticedAfter ? { ...old, noticedAfter: since(old.cutAt) } : old,
    );
  });
  useWebSocketEvent('open', () =>
    setRescue((old) =>
      old.cutAt ? { ...old, cutAt: undefined, openAfter: since(old.cutAt) } : old,
    ),
  );

  return (
    <>
      <ProviderControlBar
        onCommand={({ demo }) => {
          if (demo !== 'cut') return;
          record.cut();
          setRescue({ cutAt: performance.now() });
        }}
      />
      <section className="ui-panel ui-figures" aria-label="Heartbeat">
        <Figure label="Round trip" unit={latency === null ? '' : 'ms'}>
          {latency === null ? '–' : latency.toFixed(1)}
        </Figure>
        <Figure label="Cut cable noticed after" unit={rescue.noticedAfter ? 's' : ''}>
          {rescue.noticedAfter?.toFixed(1) ?? '–'}
        </Figure>
        <Figure label="Open again after" unit={rescue.openAfter ? 's' : ''}>
          {rescue.openAfter?.toFixed(1) ?? '–'}
        </Figure>
      </section>
      <section className="ui-panel">
        <Plot
          label="Round trips of the pings"
          series={ROUND_TRIPS}
          read={record.read}
          marks={record.marks}
          span={SECONDS}
          unit=" ms"
        />
      </section>
    </>
  );
}

/** A ping each second. A new round trip is a point; no answer in time, and the link is given up. */
export function Heartbeat({ interval = 1_000, timeout = 1_000, ...options }: DemoOptions) {
  return (
    <DemoProvider interval={interval} timeout={timeout} {...options}>
      <Page
        title="Heartbeat and latency"
        lede="A ping goes out on schedule; each change of its round trip is a point of the plot, where the same again draws none. Cut the cable: no close event ever comes, but the missing pong tells within an interval and a timeout, and the next socket is opened at once."
      >
        <Pulse />
      </Page>
    </DemoProvider>
  );
}
