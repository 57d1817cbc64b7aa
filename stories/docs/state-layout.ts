import type { Event } from '../../src/core/machine.ts';
import type { Group, Node } from './machine-edges.ts';

type Point = readonly [x: number, y: number];

/** The way of a line, and its label: the word of one of its events, at a place. */
export interface Route {
  readonly way: readonly Point[];
  readonly says: Event['type'];
  readonly at: Point;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** Where everything stands. Designed by hand; which lines there are is up to the machine. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The size of a state. */
  readonly box: Point;
  /** The centre of each state. */
  readonly nodes: Readonly<Record<Node, Point>>;
  /** Left, top, right and bottom of each group. */
  readonly groups: Readonly<Record<Group, readonly [number, number, number, number]>>;
  /** By the two ends of the line: `open asking`. */
  readonly routes: Readonly<Record<string, Route>>;
}

const wide: Layout = {
  width: 760,
  height: 440,
  box: [124, 52],
  nodes: {
    connecting: [130, 92],
    waiting: [130, 216],
    open: [590, 92],
    asking: [590, 216],
    idle: [130, 372],
    closed: [360, 372],
    closing: [590, 372],
  },
  groups: {
    wanted: [20, 20, 740, 280],
    link: [440, 48, 720, 260],
    unwanted: [20, 326, 740, 426],
  },
  routes: {
    'connecting open': {
      way: [
        [192, 80],
        [528, 80],
      ],
      says: 'opened',
      at: [316, 71],
    },
    'link connecting': {
      way: [
        [440, 106],
        [192, 106],
      ],
      says: 'deadline',
      at: [316, 123],
    },
    'link waiting': {
      way: [
        [440, 216],
        [192, 216],
      ],
      says: 'lost',
      at: [316, 207],
    },
    'connecting waiting': {
      way: [
        [112, 118],
        [112, 190],
      ],
      says: 'lost',
      at: [103, 158],
      anchor: 'end',
    },
    'waiting connecting': {
      way: [
        [148, 190],
        [148, 118],
      ],
      says: 'deadline',
      at: [157, 158],
      anchor: 'start',
    },
    'open asking': {
      way: [
        [572, 118],
        [572, 190],
      ],
      says: 'deadline',
      at: [563, 158],
      anchor: 'end',
    },
    'asking open': {
      way: [
        [608, 190],
        [608, 118],
      ],
      says: 'frame',
      at: [617, 158],
      anchor: 'start',
    },
    'connecting connecting': {
      way: [
        [162, 66],
        [162, 46],
        [182, 46],
        [182, 66],
      ],
      says: 'reconnect',
      at: [192, 55],
      anchor: 'start',
    },
    'asking asking': {
      way: [
        [652, 206],
        [672, 206],
        [672, 226],
        [652, 226],
      ],
      says: 'wake',
      at: [679, 220],
      anchor: 'start',
    },
    'unwanted connecting': {
      way: [
        [44, 326],
        [44, 92],
        [68, 92],
      ],
      says: 'open',
      at: [53, 307],
      anchor: 'start',
    },
    'wanted idle': {
      way: [
        [150, 280],
        [150, 346],
      ],
      says: 'release',
      at: [159, 307],
      anchor: 'start',
    },
    'wanted closed': {
      way: [
        [360, 280],
        [360, 346],
      ],
      says: 'lost',
      at: [369, 307],
      anchor: 'start',
    },
    'link closing': {
      way: [
        [590, 260],
        [590, 346],
      ],
      says: 'close',
      at: [599, 307],
      anchor: 'start',
    },
    'closing closed': {
      way: [
        [528, 372],
        [422, 372],
      ],
      says: 'lost',
      at: [475, 363],
    },
    'closed idle': {
      way: [
        [298, 362],
        [192, 362],
      ],
      says: 'disable',
      at: [245, 353],
    },
    'idle closed': {
      way: [
        [192, 382],
        [298, 382],
      ],
      says: 'close',
      at: [245, 398],
    },
    'closing idle': {
      way: [
        [590, 398],
        [590, 412],
        [130, 412],
        [130, 398],
      ],
      says: 'disable',
      at: [475, 406],
    },
  },
};

const narrow: Layout = {
  width: 320,
  height: 620,
  box: [92, 44],
  nodes: {
    connecting: [78, 86],
    waiting: [78, 266],
    open: [240, 86],
    asking: [240, 266],
    idle: [78, 436],
    closing: [240, 436],
    closed: [160, 552],
  },
  groups: {
    wanted: [4, 20, 316, 318],
    link: [178, 48, 308, 302],
    unwanted: [4, 384, 316, 596],
  },
  routes: {
    'connecting open': {
      way: [
        [124, 78],
        [194, 78],
      ],
      says: 'opened',
      at: [152, 70],
    },
    'link connecting': {
      way: [
        [178, 98],
        [124, 98],
      ],
      says: 'deadline',
      at: [150, 115],
    },
    'link waiting': {
      way: [
        [178, 266],
        [124, 266],
      ],
      says: 'lost',
      at: [151, 258],
    },
    'connecting waiting': {
      way: [
        [64, 108],
        [64, 244],
      ],
      says: 'lost',
      at: [58, 180],
      anchor: 'end',
    },
    'waiting connecting': {
      way: [
        [92, 244],
        [92, 108],
      ],
      says: 'deadline',
      at: [98, 180],
      anchor: 'start',
    },
    'open asking': {
      way: [
        [226, 108],
        [226, 244],
      ],
      says: 'deadline',
      at: [220, 180],
      anchor: 'end',
    },
    'asking open': {
      way: [
        [254, 244],
        [254, 108],
      ],
      says: 'frame',
      at: [260, 180],
      anchor: 'start',
    },
    'connecting connecting': {
      way: [
        [62, 64],
        [62, 48],
        [78, 48],
        [78, 64],
      ],
      says: 'reconnect',
      at: [84, 55],
      anchor: 'start',
    },
    'asking asking': {
      way: [
        [232, 288],
        [232, 298],
        [248, 298],
        [248, 288],
      ],
      says: 'wake',
      at: [254, 299],
      anchor: 'start',
    },
    'unwanted connecting': {
      way: [
        [16, 384],
        [16, 86],
        [32, 86],
      ],
      says: 'open',
      at: [22, 374],
      anchor: 'start',
    },
    'wanted idle': {
      way: [
        [86, 318],
        [86, 414],
      ],
      says: 'release',
      at: [92, 340],
      anchor: 'start',
    },
    'wanted closed': {
      way: [
        [160, 318],
        [160, 530],
      ],
      says: 'lost',
      at: [166, 374],
      anchor: 'start',
    },
    'link closing': {
      way: [
        [240, 302],
        [240, 414],
      ],
      says: 'close',
      at: [246, 340],
      anchor: 'start',
    },
    'closing closed': {
      way: [
        [240, 458],
        [240, 552],
        [206, 552],
      ],
      says: 'lost',
      at: [246, 506],
      anchor: 'start',
    },
    'closed idle': {
      way: [
        [114, 560],
        [58, 560],
        [58, 458],
      ],
      says: 'disable',
      at: [52, 506],
      anchor: 'end',
    },
    'idle closed': {
      way: [
        [92, 458],
        [92, 544],
        [114, 544],
      ],
      says: 'close',
      at: [98, 506],
      anchor: 'start',
    },
    'closing idle': {
      way: [
        [194, 436],
        [124, 436],
      ],
      says: 'disable',
      at: [159, 452],
    },
  },
};

export const LAYOUTS = { wide, narrow };
