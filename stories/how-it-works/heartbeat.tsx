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

/** The round trips of the last half a minute, with marks for events. */
function createRecord() {
  let points: { at: number; latency: number | null }[] = [];
  let marks: PlotMark[] = [];
  const now = () => Date.now() / 1000;
  return {
    answered: (latency: number) => points.push({ at: now(), latency }),
    cut: () => marks.push({ at: now(), label: 'cut', side: 'left' }),
    /** Ends the line at the end of a link. Failed attempts after it add nothing. */
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

/** The times after the cable was cut last. */
interface Recovery {
  /** Until the next link is open. */
  readonly cutAt?: number | undefined;
  readonly noticedAfter?: number;
  readonly openAfter?: number;
}

function Pulse() {
  const { latency } = useWebSocket();
  const [record] = useState(createRecord);
  const [recovery, setRecovery] = useState<Recovery>({});

  useEffect(() => {
    if (latency !== null) record.answered(latency);
  }, [latency, record]);

  const since = (at: number) => (performance.now() - at) / 1000;
  useWebSocketEvent('close', (_, final) => {
    record.lost(recovery.cutAt ? 'noticed' : final ? 'closed' : 'lost');
    setRecovery((old) =>
      old.cutAt && !old.noticedAfter ? { ...old, noticedAfter: since(old.cutAt) } : old,
    );
  });
  useWebSocketEvent('open', () =>
    setRecovery((old) =>
      old.cutAt ? { ...old, cutAt: undefined, openAfter: since(old.cutAt) } : old,
    ),
  );

  return (
    <>
      <ProviderControlBar
        onCut={() => {
          record.cut();
          setRecovery({ cutAt: performance.now() });
        }}
      />
      <section className="ui-panel ui-figures" aria-label="Heartbeat">
        <Figure label="Round trip" unit={latency === null ? '' : 'ms'}>
          {latency === null ? '–' : latency.toFixed(1)}
        </Figure>
        <Figure label="Cut cable noticed after" unit={recovery.noticedAfter ? 's' : ''}>
          {recovery.noticedAfter?.toFixed(1) ?? '–'}
        </Figure>
        <Figure label="Open again after" unit={recovery.openAfter ? 's' : ''}>
          {recovery.openAfter?.toFixed(1) ?? '–'}
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

/** A ping each second. Each change of the round trip is a point; without an answer in time, the link is replaced. */
export function Heartbeat({ interval = 1_000, timeout = 1_000, ...options }: DemoOptions) {
  return (
    <DemoProvider interval={interval} timeout={timeout} {...options}>
      <Page
        title="Heartbeat and latency"
        lede={
          <>
            The heartbeat sends a ping at each interval and measures the time until the answer. Cut
            the cable: the browser does not notice it, but no answer comes. After{' '}
            <code>interval</code> + <code>timeout</code> at most, a new connection opens.
          </>
        }
      >
        <Pulse />
      </Page>
    </DemoProvider>
  );
}
