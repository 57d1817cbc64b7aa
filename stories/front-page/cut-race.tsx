import {
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useReducer,
  useRef,
  useState,
} from 'react';
import { demoUrl, useRoom } from '../parts/demo-url.ts';
import { readServerWord } from '../server/words.ts';
import { Button } from '../ui/controls.tsx';
import { PageContext } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { Lanes } from './lanes.tsx';
import { advance, isReady, isSettled, lastResult, type RaceEvent, START } from './race.ts';
import { socketUrl } from './racers/racer.tsx';
import { record } from './record.ts';
import { Sources } from './sources.tsx';
import { useVisible } from './use-visible.ts';

/** How long all are open before the cut, so that a visitor sees prices arrive; in milliseconds. */
const CALM = 1_500;
/** How many prices each app gets in a second. */
const PER_SECOND = 4;

export interface RunProps {
  /** How long an app is waited for, in milliseconds. */
  patience: number;
  /** Called with each result. */
  say: (result: string) => void;
  /** Called when our own app is open again. */
  onSettled: () => void;
}

/** Three apps lose their link at the same moment. It begins by itself when it is in view. */
export function CutRace(props: RunProps & { onStart: () => void; off: boolean }) {
  const { onStart, off, ...run } = props;
  const { isSimulated } = useContext(PageContext);
  const place = useRef<HTMLDivElement>(null);
  const isVisible = useVisible(place);
  const [round, setRound] = useState(0);
  const Run = isSimulated ? RecordedRun : LiveRun;
  return (
    <div ref={place} className="front-cut">
      <Panel
        title="Cut the cable"
        action={
          <Button
            off={off || !isVisible}
            onClick={() => {
              onStart();
              setRound(round + 1);
            }}
          >
            {isSimulated ? 'Play it again' : 'Cut it again'}
          </Button>
        }
      >
        <p className="ui-note">
          A server sends prices to three apps. Then the link dies without a word, as when a cable is
          cut or a router fails. Both libraries have a heartbeat: a ping every second, and a wait of
          1 s for the answer. A bare WebSocket has none.
        </p>
        {isVisible ? <Run key={round} {...run} /> : <Lanes race={START} />}
        {isSimulated && (
          <p className="ui-note">
            {record.origin}, since this site has no server. In a clone, <code>npm start</code> runs
            it live.
          </p>
        )}
        <Sources />
      </Panel>
    </div>
  );
}

function useRace({ say, onSettled }: RunProps) {
  const { onEvent } = useContext(PageContext);
  const [race, dispatch] = useReducer(advance, START);
  const tell = useCallback(
    (event: RaceEvent) => {
      onEvent?.('race', [event]);
      dispatch(event);
    },
    [onEvent],
  );
  const result = lastResult(race);
  const settled = isSettled(race);
  const sayResult = useEffectEvent((text: string) => say(text));
  useEffect(() => sayResult(result), [result]);
  const settle = useEffectEvent(() => onSettled());
  useEffect(() => {
    if (settled) settle();
  }, [settled]);
  return [race, tell] as const;
}

function LiveRun(props: RunProps) {
  const { patience } = props;
  const [race, tell] = useRace(props);
  const room = useRoom();
  const { cutAt, overAt } = race;
  const isOn = overAt === undefined && (cutAt !== undefined || isReady(race));

  useEffect(() => {
    if (!isOn) return;
    let end = () => {};
    const timer = setTimeout(() => {
      end = cutOthers(room, () => tell({ type: 'cut', at: performance.now() }));
    }, CALM);
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [isOn, room, tell]);

  useEffect(() => {
    if (cutAt === undefined) return;
    const timer = setTimeout(() => tell({ type: 'over', at: performance.now() }), patience);
    return () => clearTimeout(timer);
  }, [cutAt, patience, tell]);

  const live = { room, perSecond: PER_SECOND, tell };
  return <Lanes race={race} {...(overAt === undefined && { live })} />;
}

/** Cuts all others in a room off. They stay so until the returned function is called. */
function cutOthers(room: string, done: () => void): () => void {
  const socket = new WebSocket(socketUrl(demoUrl(room, { name: 'scissors' })));
  socket.addEventListener('open', () => socket.send(JSON.stringify({ demo: 'cut-others' })));
  socket.addEventListener('message', ({ data }) => {
    if (readServerWord(data)?.demo === 'done') done();
  });
  return () => socket.close();
}

/** What was recorded, in the time that it took. */
function RecordedRun(props: RunProps) {
  const [race, tell] = useRace(props);
  useEffect(() => {
    const start = performance.now();
    const timers = record.events.map((event) =>
      setTimeout(() => tell({ ...event, at: start + event.at }), event.at),
    );
    return () => timers.forEach((timer) => clearTimeout(timer));
  }, [tell]);
  return <Lanes race={race} />;
}
