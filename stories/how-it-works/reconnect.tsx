import { useEffect, useState } from 'react';
import { type Cause, useWebSocket, useWebSocketEvent } from '../../src/index.ts';
import { OwnControls, ProviderControlBar } from '../parts/control-bar.tsx';
import { type DemoOptions, DemoProvider } from '../parts/demo-provider.tsx';
import { longestWait } from '../parts/longest-wait.ts';
import { StateStrip } from '../parts/state-strip.tsx';
import { describeEnd, isOfAttempt } from '../parts/wording.ts';
import { Countdown } from '../ui/countdown.tsx';
import { Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

/** A wait for the next attempt. */
interface Wait {
  readonly retryAt: number;
  readonly attempt: number;
  readonly delay: number;
  /** The longest possible delay. */
  readonly longest: number;
  readonly cause: Cause | null;
  /** Whether an attempt has failed; otherwise, an open link was lost. */
  readonly isAttempt: boolean;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function Now() {
  const { status, attempt, retryAt } = useWebSocket();
  const hint =
    status === 'closed'
      ? 'Open it again, then press “Refuse for” to see the connection wait.'
      : 'Press “Refuse for” to see the connection wait.';
  return (
    <section className="ui-panel ui-hero" aria-label="Now">
      <p className="ui-countdown" data-quiet={retryAt === null || undefined}>
        {retryAt === null ? status : <Countdown key={retryAt} to={retryAt} />}
      </p>
      <p className="ui-note">{retryAt === null ? hint : `until attempt ${attempt + 1}`}</p>
      <StateStrip />
      <OwnControls />
    </section>
  );
}

function Waits({
  minDelay,
  baseDelay,
  maxDelay,
}: {
  minDelay: number;
  baseDelay: number;
  maxDelay: number;
}) {
  const { connection } = useWebSocket();
  const [waits, setWaits] = useState<readonly Wait[]>([]);
  useEffect(() => {
    let before = connection.getSnapshot().status;
    const addWait = () => {
      const { status, attempt, retryAt, cause } = connection.getSnapshot();
      const isAttempt = isOfAttempt(before);
      before = status;
      if (retryAt === null) return;
      const delay = Math.max(0, retryAt - Date.now());
      const wait = {
        attempt,
        retryAt,
        cause,
        isAttempt,
        delay,
        longest: longestWait(cause, attempt, { minDelay, baseDelay, maxDelay }),
      };
      setWaits((old) => (old[0]?.retryAt === retryAt ? old : [wait, ...old.slice(0, 7)]));
    };
    return connection.subscribe(addWait);
  }, [connection, minDelay, baseDelay, maxDelay]);
  useWebSocketEvent('open', ({ reconnected }) => reconnected || setWaits([]));
  const scale = Math.max(...waits.map(({ longest }) => longest));

  return (
    <Panel title="Waits" note="Bar: possible delay. Dot: the delay chosen.">
      {waits.length === 0 && <p className="ui-note">Nothing yet.</p>}
      <ol className="ui-waits" reversed>
        {waits.map(({ attempt: failures, delay, longest, cause: why, isAttempt }, index) => (
          <li key={waits.length - index}>
            <span>
              {failures === 1 ? '1 failure' : `${failures} failures`}:{' '}
              {longest === 0 ? 'no wait' : `${seconds(delay)}, at most ${seconds(longest)}`}
            </span>
            {longest > 0 && (
              <span className="ui-range" aria-hidden="true">
                <span style={{ width: `${(longest / scale) * 100}%` }}>
                  <i style={{ left: `${Math.min(1, delay / longest) * 100}%` }} />
                </span>
              </span>
            )}
            {why && <span className="ui-note">{describeEnd(why, isAttempt)}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** What a page can show of a reconnect: the status, the time of the next attempt, the cause. */
export function Reconnect(options: DemoOptions) {
  const { minDelay = 250, baseDelay = 3_000, maxDelay = 30_000 } = options;
  const delays = { minDelay, baseDelay, maxDelay };
  return (
    <DemoProvider {...options} {...delays}>
      <Page
        title="Reconnect"
        lede="After a failure, the connection waits and tries again. The wait is random, and its range doubles with each failure: so thousands of clients do not come back at the same moment. The hook returns the time of the next attempt and the cause."
      >
        <ProviderControlBar />
        <Now />
        <Waits {...delays} />
      </Page>
    </DemoProvider>
  );
}
