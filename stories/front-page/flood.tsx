import {
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import { useRoom } from '../parts/demo-url.ts';
import { Button } from '../ui/controls.tsx';
import { PageContext } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import type { ScreenEvent } from './race.ts';
import { Racer } from './racers/racer.tsx';
import { OWN, type RacerName, RACERS } from './racers/racers.ts';

/** Messages in a second. With as many renders, a bar is full. */
const RATE = 5_000;
/** How long nothing happens before the turn of an app: a slow app leaves messages behind. A part of the time of measuring. */
const REST = 0.4;
/** How long the messages flow before they are measured. */
const WARM_UP = 0.2;
/** The frames of a second that most screens show: a full bar. */
const FULL = 60;

/** What was measured of one app, in a second. */
export interface Rates {
  readonly frames: number;
  readonly renders: number;
}

export type FloodResults = Partial<Readonly<Record<RacerName, Rates>>>;

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Whose turn it is, and what was measured. `onEnd` is called with the result of all. */
export function useFlood(recorded: FloodResults, onEnd: (results: FloodResults) => void) {
  const [results, setResults] = useState(recorded);
  const [running, setRunning] = useState<RacerName | null>(null);
  return {
    results,
    running,
    begin() {
      setResults({});
      setRunning(RACERS[0]);
    },
    end(name: RacerName, rates: Rates) {
      const all = { ...results, [name]: rates };
      const next = RACERS[RACERS.indexOf(name) + 1] ?? null;
      setResults(all);
      setRunning(next);
      if (!next) onEnd(all);
    },
  };
}

/** The result of all as a sentence. */
export const describeFlood = (results: FloodResults): string =>
  `Frames a second in the flood: ${RACERS.map((name) => `${name} ${results[name]?.frames}`).join(', ')}.`;

/** The apps get thousands of messages a second, in turns: a page has one thread. */
export function Flood(props: {
  flood: ReturnType<typeof useFlood>;
  /** How long each is measured, in milliseconds. */
  length: number;
  off: boolean;
}) {
  const { flood, length, off } = props;
  const { results, running, begin, end } = flood;
  const { isSimulated } = useContext(PageContext);
  return (
    <Panel
      title="The flood"
      action={
        !isSimulated && (
          <Button off={off || running !== null} onClick={begin}>
            Start
          </Button>
        )
      }
    >
      <p className="ui-note">
        {whole.format(RATE)} messages a second to each app, one after the other. Does the page still
        draw? Fewer renders leave more time for the rest of an app.
        {isSimulated && ' These figures are recorded, too.'}
      </p>
      <ul className="front-flood" aria-label="The flood">
        {RACERS.map((name) => (
          <Row key={name} name={name} rates={results[name]}>
            {running === name && (
              <Turn name={name} length={length} onEnd={(rates) => end(name, rates)} />
            )}
          </Row>
        ))}
      </ul>
    </Panel>
  );
}

function Row(props: { name: RacerName; rates: Rates | undefined; children: ReactNode }) {
  const { name, rates, children } = props;
  return (
    <li data-own={name === OWN || undefined}>
      <div className="front-flood-head">
        <h3>{name}</h3>
        {children}
      </div>
      <div className="front-rates">
        <Rate of="frames" value={rates?.frames} full={FULL} />
        <Rate of="renders" value={rates?.renders} full={RATE} />
      </div>
    </li>
  );
}

function Rate(props: { of: keyof Rates; value: number | undefined; full: number }) {
  const { of, value, full } = props;
  return (
    <div>
      <p>
        <strong>{value === undefined ? '–' : whole.format(value)}</strong> {of}/s
      </p>
      <div className="front-bar" aria-hidden="true">
        <span
          data-of={of}
          style={{ inlineSize: `${Math.min(100, ((value ?? 0) / full) * 100)}%` }}
        />
      </div>
    </div>
  );
}

/** One app in the flood. */
function Turn(props: { name: RacerName; length: number; onEnd: (rates: Rates) => void }) {
  const { name, length } = props;
  const room = useRoom();
  const [isConnected, setConnected] = useState(false);
  const seen = useRef({ renders: 0, flows: false });
  const [isFlowing, setFlowing] = useState(false);
  const end = useEffectEvent(props.onEnd);
  const count = useCallback(({ price }: ScreenEvent) => {
    seen.current.renders++;
    if (price === undefined || seen.current.flows) return;
    // Once only: even a state that stays the same would cost time at every message.
    seen.current.flows = true;
    setFlowing(true);
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => setConnected(true), REST * length);
    return () => clearTimeout(timer);
  }, [length]);

  useEffect(() => {
    if (!isFlowing) return;
    let frame = 0;
    const timer = setTimeout(() => {
      const [start, rendersBefore] = [performance.now(), seen.current.renders];
      let frames = 0;
      const draw = () => {
        frames++;
        const seconds = (performance.now() - start) / 1_000;
        if (seconds * 1_000 < length) frame = requestAnimationFrame(draw);
        else
          end({
            frames: Math.round(frames / seconds),
            renders: Math.round((seen.current.renders - rendersBefore) / seconds),
          });
      };
      frame = requestAnimationFrame(draw);
    }, WARM_UP * length);
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [isFlowing, length]);

  if (!isConnected) return null;
  return <Racer name={name} room={room} perSecond={RATE} tell={count} />;
}
