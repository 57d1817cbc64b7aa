import type { FloodResults } from './flood.tsx';
import type { RaceEvent } from './race.ts';
import recorded from './record.json';

const { date, browser, events, flood } = recorded as {
  date: string;
  browser: string;
  events: readonly RaceEvent[];
  flood: FloodResults;
};

/** A run that `npm run record` has written down, for a site without a server. The times begin with the first event. */
export const record = {
  events,
  flood,
  note: `Recorded on ${date} in ${browser}, since this site has no server. In a clone, npm start runs it live.`,
};
