import type { Event } from '../machine/state.ts';
import type { Settings } from './settings.ts';

type Compared = Pick<Settings<never, never>, 'scope' | 'url' | 'protocols' | 'heartbeat'>;

/** What the machine must hear of when options change; everything else is read when it is needed. */
export function changesBetween(before: Compared, after: Compared): Event[] {
  const events: Event[] = [];
  if (before.scope !== after.scope) events.push({ type: 'newScope' });
  else if (after.scope !== null && addressOf(before) !== addressOf(after))
    events.push({ type: 'target' });
  if (timesOf(before) !== timesOf(after)) events.push({ type: 'configure' });
  return events;
}

/** Where an attempt goes, by value; functions are called for every attempt anyway. */
const addressOf = ({ url, protocols }: Compared) =>
  [url, protocols].map((part) => (typeof part === 'function' ? '' : String(part))).join();

/** When a heartbeat is due, by value; its frames are read when needed. */
const timesOf = ({ heartbeat: { interval, timeout, ping } }: Compared) =>
  [interval, timeout, ping === null].join();
