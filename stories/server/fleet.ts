import { geoDistance, geoInterpolate } from 'd3-geo';

/** Longitude and latitude, in degrees. */
export type Point = [number, number];

/** The places between which vehicles move. */
export const PORTS: Readonly<Record<string, Point>> = {
  Anchorage: [-149.9, 61.2],
  Auckland: [174.8, -36.8],
  'Buenos Aires': [-58.4, -34.6],
  Cairo: [31.2, 30],
  'Cape Town': [18.4, -33.9],
  Delhi: [77.2, 28.6],
  Lagos: [3.4, 6.5],
  Lima: [-77, -12],
  London: [-0.1, 51.5],
  'Los Angeles': [-118.2, 34.1],
  Moscow: [37.6, 55.8],
  'New York': [-74, 40.7],
  Reykjavík: [-21.9, 64.1],
  'São Paulo': [-46.6, -23.6],
  Shanghai: [121.5, 31.2],
  Singapore: [103.8, 1.4],
  Sydney: [151.2, -33.9],
  Tokyo: [139.7, 35.7],
};

/** An aircraft that moves between two places. */
export interface Vehicle {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

const names = Object.keys(PORTS);

/** From each place to the seventh and the eleventh place after it: no route is used twice. */
export const FLEET: readonly Vehicle[] = names.flatMap((from, n) =>
  [7, 11].map((step, k) => ({
    id: `RL ${101 + 2 * n + k}`,
    from,
    to: names[(n + step) % names.length] as string,
  })),
);

/** Radians a second: across an ocean in half a minute. */
const SPEED = 0.04;

/**
 * The position of a vehicle at a time in milliseconds. It depends on nothing else, so all servers agree. Undefined for an
 * unknown vehicle.
 */
export function positionOf(id: string, time: number): Point | undefined {
  const index = FLEET.findIndex((vehicle) => vehicle.id === id);
  const vehicle = FLEET[index];
  const [from, to] = [PORTS[vehicle?.from ?? ''], PORTS[vehicle?.to ?? '']];
  if (!from || !to) return undefined;
  const legs = (time / 1_000) * (SPEED / geoDistance(from, to)) + index * 0.37;
  const there = legs % 2;
  return geoInterpolate(from, to)(there <= 1 ? there : 2 - there);
}
