import { ReadyState, useWebSocket } from '../../src/index.ts';
import { Countdown } from '../ui/countdown.tsx';
import { Fact, Facts, Panel } from '../ui/panel.tsx';
import { describeCause } from './wording.ts';

const nameOfState = (state: number) =>
  Object.entries(ReadyState).find(([, value]) => value === state)?.[0] ?? '';

/** The fields that `useWebSocket()` returns. */
export function ConnectionFacts() {
  const { status, readyState, attempt, retryAt, cause, latency } = useWebSocket();
  return (
    <Panel title="What the hook returns">
      <Facts>
        <Fact name="status">{status}</Fact>
        <Fact name="readyState">
          {readyState} ({nameOfState(readyState)})
        </Fact>
        <Fact name="latency">{latency === null ? 'null' : `${latency.toFixed(1)} ms`}</Fact>
        <Fact name="attempt">{attempt}</Fact>
        <Fact name="retryAt">
          {retryAt === null ? (
            'null'
          ) : (
            <>
              in <Countdown key={retryAt} to={retryAt} />
            </>
          )}
        </Fact>
        <Fact name="cause">{cause ? describeCause(cause) : 'null'}</Fact>
      </Facts>
    </Panel>
  );
}
