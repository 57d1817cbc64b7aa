import { OWN, type RacerName, RACERS } from './racers/racers.ts';

/** A screen shows something. */
export interface ScreenEvent {
  readonly type: 'screen';
  /** Milliseconds, by any clock. */
  readonly at: number;
  readonly racer: RacerName;
  readonly status: string;
  readonly price?: string | undefined;
}

/** What happens in a race. `over`: nobody waits any longer. */
export type RaceEvent =
  | ScreenEvent
  | { readonly type: 'cut'; readonly at: number }
  | { readonly type: 'over'; readonly at: number };

/** What is known of one app. */
interface Lane {
  readonly status: string;
  readonly price?: string;
  /** When the price came. */
  readonly pricedAt?: number;
  /** When it first said, after the cut, that it is not open. */
  readonly noticedAt?: number;
  /** When it said again that it is open. */
  readonly openAt?: number;
}

export interface Race {
  readonly lanes: Readonly<Record<RacerName, Lane>>;
  readonly cutAt?: number;
  readonly overAt?: number;
}

const waiting: Lane = { status: 'Connecting' };

export const START: Race = {
  lanes: { WebSocket: waiting, 'react-use-websocket': waiting, 'react-lifeline': waiting },
};

/** The race after one more event. */
export function advance(race: Race, event: RaceEvent): Race {
  if (event.type === 'cut') return { ...race, cutAt: event.at };
  if (event.type === 'over') return { ...race, overAt: event.at };
  const { racer } = event;
  const lane = advanceLane(race.lanes[racer], event, race.cutAt !== undefined);
  return { ...race, lanes: { ...race.lanes, [racer]: lane } };
}

function advanceLane(lane: Lane, { at, status, price }: ScreenEvent, isCut: boolean): Lane {
  const { noticedAt, openAt } = lane;
  const isOpen = status === 'Open';
  return {
    ...lane,
    status,
    ...(price !== undefined && price !== lane.price && { price, pricedAt: at }),
    ...(isCut && !isOpen && noticedAt === undefined && { noticedAt: at }),
    ...(isOpen && noticedAt !== undefined && openAt === undefined && { openAt: at }),
  };
}

/** Whether each app is open and has a price. */
export const isReady = ({ lanes }: Race): boolean =>
  RACERS.every((name) => lanes[name].status === 'Open' && lanes[name].price !== undefined);

/** Whether our own app is open again. */
export const isSettled = ({ lanes }: Race): boolean => lanes[OWN].openAt !== undefined;

const seconds = (ms: number) => `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;

/** How the race has gone for one app so far. */
export function verdict(name: RacerName, { lanes, cutAt, overAt }: Race): string {
  const { noticedAt, openAt, status } = lanes[name];
  if (cutAt === undefined) return status === 'Open' ? 'Prices arrive' : 'Connects';
  if (noticedAt === undefined)
    return overAt === undefined
      ? `Still says “${status}”`
      : `After ${seconds(overAt - cutAt)}: still says “${status}”`;
  const noticed = `Noticed after ${seconds(noticedAt - cutAt)}`;
  return openAt === undefined ? noticed : `${noticed}, open after ${seconds(openAt - cutAt)}`;
}

/** What the verdict is: the colour of the clock. */
export function toneOf(name: RacerName, { lanes, cutAt }: Race): 'calm' | 'bad' | 'warn' | 'good' {
  const { noticedAt, openAt } = lanes[name];
  if (cutAt === undefined) return 'calm';
  if (noticedAt === undefined) return 'bad';
  return openAt === undefined ? 'warn' : 'good';
}

/** The time since the cut, until the app is open again. */
export const clockOf = (name: RacerName, { lanes, cutAt, overAt }: Race, now: number): string =>
  seconds((lanes[name].openAt ?? overAt ?? now) - (cutAt ?? Infinity));

/** How old the price of an app is. */
export function ageOf(name: RacerName, { lanes, overAt }: Race, now: number): string {
  const { pricedAt } = lanes[name];
  return pricedAt === undefined ? '' : `price ${seconds((overAt ?? now) - pricedAt)} old`;
}

/** The last result of the race, for who does not see the clocks. */
export function lastResult(race: Race): string {
  const { lanes, cutAt, overAt } = race;
  const result = (name: RacerName) => `${name}: ${verdict(name, race)}.`;
  if (cutAt === undefined) return '';
  if (overAt !== undefined) return RACERS.map(result).join(' ');
  const timeOf = (name: RacerName) => lanes[name].openAt ?? -1;
  const [last] = RACERS.filter((name) => timeOf(name) >= 0).toSorted(
    (a, b) => timeOf(b) - timeOf(a),
  );
  return last ? result(last) : 'The cable is cut.';
}
