import type { FloodResults } from './flood.tsx';
import type { RaceEvent } from './race.ts';
import type { RacerName } from './racers/racers.ts';
import recorded from './record.json';

/** The time, then what happened, or which screen showed what. */
type Line = [at: number, what: 'cut' | 'over' | RacerName, status?: string, price?: string];

const { date, browser, events, flood } = recorded as unknown as {
  date: string;
  browser: string;
  events: readonly Line[];
  flood: FloodResults;
};

const read = ([at, what, status = '', price]: Line): RaceEvent =>
  what === 'cut' || what === 'over'
    ? { type: what, at }
    : { type: 'screen', at, racer: what, status, price };

/** A run that `npm run record` has written down, for a site without a server. The times begin with the first event. */
export const record = {
  events: events.map(read),
  flood,
  origin: `Recorded on ${date} in ${browser}`,
};
