import { useWebSocket } from '../../src/index.ts';
import { describeCause } from './wording.ts';

/** Tells changes of the status to a screen reader; never the countdown, which would speak ten times a second. */
export function Announcer() {
  const { status, cause } = useWebSocket();
  const why = cause ? ` ${describeCause(cause)}` : '';
  return (
    <output className="ui-hidden">
      {status === 'open' ? 'The connection is open.' : `The connection is ${status}.${why}`}
    </output>
  );
}
