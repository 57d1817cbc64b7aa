import { geoGraticule10, geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import atlas from 'world-atlas/land-110m.json';
import { FLEET, type Point, PORTS } from '../server/fleet.ts';

/** The size of the map in units of its paths, without the far south. */
export const WIDTH = 960;
export const HEIGHT = 440;

const projection = geoNaturalEarth1().fitWidth(WIDTH, { type: 'Sphere' });
const path = geoPath(projection);
const topology = atlas as unknown as Parameters<typeof feature>[0];

export const land: string = path(feature(topology, 'land')) ?? '';
export const graticule: string = path(geoGraticule10()) ?? '';
export const routes: string = FLEET.map(({ from, to }) =>
  path({ type: 'LineString', coordinates: [PORTS[from] ?? [], PORTS[to] ?? []] }),
).join('');

/** The position of a place on the map. */
export function project(place: Point): Point {
  const [x, y] = projection(place) ?? [0, 0];
  return [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
}
