import type { Event } from '../machine/state.ts';
import type { Settings } from './settings.ts';

type Compared = Pick<
  Settings<never, never>,
  'scope' | 'url' | 'protocols' | 'heartbeat' | 'reconnect' | 'connectTimeout' | 'closeTimeout'
>;

/** Returns the events that a change of options causes. Options without an event are read at their next use. */
export function changesBetween(before: Compared, after: Compared): Event[] {
  const events: Event[] = [];
  if (before.scope !== after.scope) events.push({ type: 'newScope' });
  else if (after.scope !== null && addressOf(before) !== addressOf(after))
    events.push({ type: 'target' });
  if (limitsOf(before) !== limitsOf(after)) events.push({ type: 'configure' });
  return events;
}

/** The url and the protocols as one string, for a comparison by value. Functions compare as equal: each attempt calls them. */
const addressOf = ({ url, protocols }: Compared) =>
  [url, protocols].map((part) => (typeof part === 'function' ? '' : String(part))).join();

/** All times and limits as one string, for a comparison by value. Frames and functions are read at their next use. */
const limitsOf = ({ heartbeat, reconnect, connectTimeout, closeTimeout }: Compared) =>
  [connectTimeout, closeTimeout, heartbeat.ping === null]
    .concat([heartbeat, reconnect].flatMap(Object.values).filter(Number.isFinite))
    .join();
