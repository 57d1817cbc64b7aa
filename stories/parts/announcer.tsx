import { type Cause, useWebSocket } from '../../src/index.ts';
import type { Status } from '../ui/status.tsx';
import { describeCause } from './wording.ts';

/** Tells changes of the status to a screen reader; never the countdown, which would speak ten times a second. */
export function Announcer() {
  const { status, cause } = useWebSocket();
  return <Announcement status={status} cause={cause} />;
}

/** The same for a connection that is not the default provider's. */
export function Announcement({ status, cause }: { status: Status; cause?: Cause | null }) {
  const why = cause ? ` ${describeCause(cause)}` : '';
  return (
    <output className="ui-hidden">
      {status === 'open' ? 'The connection is open.' : `The connection is ${status}.${why}`}
    </output>
  );
}
