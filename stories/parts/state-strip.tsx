import { useEffect, useState } from 'react';
import { useWebSocket } from '../../src/index.ts';
import { type Status, toneOf } from '../ui/status.tsx';

const SPAN = 60_000;

interface Stretch {
  readonly status: Status;
  readonly from: number;
}

/** The statuses of the last minute as a coloured strip. It is hidden from screen readers; the event log has the same in words. */
export function StateStrip() {
  const { connection } = useWebSocket();
  const [stretches, setStretches] = useState<readonly Stretch[]>([]);
  const [now, setNow] = useState(Date.now);

  useEffect(() => {
    const record = () => {
      const { status } = connection.getSnapshot();
      const from = Date.now();
      setNow(from);
      setStretches((old) => {
        if (status === 'idle' || old.at(-1)?.status === status) return old;
        // A stretch ends where the next one begins. Those that ended before the last minute are removed.
        const shown = old.filter((_, i) => (old[i + 1]?.from ?? from) > from - SPAN);
        return [...shown, { status, from }];
      });
    };
    record();
    const timer = setInterval(() => setNow(Date.now()), 500);
    const unsubscribe = connection.subscribe(record);
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, [connection]);

  const start = now - SPAN;
  const before = Math.max(0, (stretches[0]?.from ?? now) - start);
  return (
    <div className="ui-strip" aria-hidden="true">
      <div className="ui-strip-bar">
        <span data-empty style={{ flex: before }} />
        {stretches.map(({ status, from }, i) => {
          const length = (stretches[i + 1]?.from ?? now) - Math.max(from, start);
          return length > 0 || i === stretches.length - 1 ? (
            <span key={from} data-tone={toneOf(status)} style={{ flex: Math.max(0, length) }} />
          ) : null;
        })}
      </div>
      <div className="ui-strip-scale">
        <span>a minute ago</span>
        <span>now</span>
      </div>
    </div>
  );
}
