import type { ComponentProps } from 'react';
import { useNow } from '../ui/use-now.ts';
import { ageOf, clockOf, type Race, toneOf, verdict } from './race.ts';
import { Racer } from './racers/racer.tsx';
import { OWN, RACERS } from './racers/racers.ts';
import { Screen } from './racers/screen.tsx';

/** The apps side by side: what their users see, and the time since the cut. */
export function Lanes(props: {
  race: Race;
  /** For apps that run; without it, each lane shows what its app showed last. */
  live?: Omit<ComponentProps<typeof Racer>, 'name'>;
}) {
  const { race, live } = props;
  const now = useNow(race.overAt === undefined);
  return (
    <ul className="front-lanes" aria-label="The race">
      {RACERS.map((name) => (
        <li key={name} data-own={name === OWN || undefined} data-tone={toneOf(name, race)}>
          <h3>{name}</h3>
          {/* Times that change ten times a second. The results are announced elsewhere. */}
          <p className="front-age" aria-hidden="true">
            {ageOf(name, race, now)}
          </p>
          {live ? (
            <Racer name={name} {...live} />
          ) : (
            <Screen status={race.lanes[name].status} price={race.lanes[name].price} />
          )}
          <p className="front-clock" aria-hidden="true">
            {clockOf(name, race, now)}
          </p>
          <p className="front-verdict">{verdict(name, race)}</p>
        </li>
      ))}
    </ul>
  );
}
