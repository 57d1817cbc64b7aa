import type { UseWebSocketResult } from '../../src/index.ts';
import { Button } from '../ui/controls.tsx';
import { Countdown } from '../ui/countdown.tsx';
import { StatusPill } from '../ui/status.tsx';

type Shown = Pick<UseWebSocketResult, 'status' | 'retryAt' | 'latency' | 'open' | 'reconnect'>;

/** The status, the time that belongs to it, and one button that opens a link now. Nothing moves when they change. */
export function BarState({ status, retryAt, latency, open, reconnect }: Shown) {
  const isClosed = status === 'closed';
  return (
    <div className="ui-bar-state">
      <StatusPill status={status} />
      <span className="ui-bar-time">
        {retryAt !== null && <Countdown key={retryAt} to={retryAt} />}
        {retryAt === null && latency !== null && (
          <>
            <span className="ui-hidden">round trip </span>
            {`${latency < 10 ? latency.toFixed(1) : latency.toFixed(0)} ms`}
          </>
        )}
      </span>
      {/* One button for all states: another one would take the focus with it. */}
      <Button
        kind={isClosed || retryAt !== null ? 'primary' : 'plain'}
        off={!isClosed && retryAt === null}
        onClick={isClosed ? open : reconnect}
      >
        {isClosed ? 'Open again' : 'Try now'}
      </Button>
    </div>
  );
}
