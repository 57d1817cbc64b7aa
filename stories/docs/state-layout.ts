import type { Event } from '../../src/core/machine/state.ts';
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
  height: 612,
  box: [92, 44],
  nodes: {
    connecting: [78, 86],
    waiting: [78, 266],
    open: [234, 86],
    asking: [234, 266],
    idle: [78, 442],
    closing: [234, 442],
    closed: [160, 556],
  },
  groups: {
    wanted: [4, 20, 316, 328],
    link: [172, 48, 308, 312],
    unwanted: [4, 392, 316, 604],
  },
  routes: {
    'connecting open': {
      way: [
        [124, 78],
        [188, 78],
      ],
      says: 'opened',
      at: [148, 70],
    },
    'link connecting': {
      way: [
        [172, 98],
        [124, 98],
      ],
      says: 'deadline',
      at: [148, 115],
    },
    'link waiting': {
      way: [
        [172, 266],
        [124, 266],
      ],
      says: 'lost',
      at: [148, 258],
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
        [216, 108],
        [216, 244],
      ],
      says: 'deadline',
      at: [210, 180],
      anchor: 'end',
    },
    'asking open': {
      way: [
        [240, 244],
        [240, 108],
      ],
      says: 'frame',
      at: [246, 180],
      anchor: 'start',
    },
    'connecting connecting': {
      way: [
        [60, 64],
        [60, 46],
        [76, 46],
        [76, 64],
      ],
      says: 'reconnect',
      at: [83, 52],
      anchor: 'start',
    },
    'asking asking': {
      way: [
        [238, 288],
        [238, 303],
        [254, 303],
        [254, 288],
      ],
      says: 'wake',
      at: [261, 303],
      anchor: 'start',
    },
    'unwanted connecting': {
      way: [
        [16, 392],
        [16, 86],
        [32, 86],
      ],
      says: 'open',
      at: [22, 382],
      anchor: 'start',
    },
    'wanted idle': {
      way: [
        [86, 328],
        [86, 420],
      ],
      says: 'release',
      at: [92, 350],
      anchor: 'start',
    },
    'wanted closed': {
      way: [
        [180, 328],
        [180, 534],
      ],
      says: 'lost',
      at: [174, 382],
      anchor: 'end',
    },
    'link closing': {
      way: [
        [222, 312],
        [222, 420],
      ],
      says: 'close',
      at: [228, 350],
      anchor: 'start',
    },
    'closing closed': {
      way: [
        [234, 464],
        [234, 556],
        [206, 556],
      ],
      says: 'lost',
      at: [240, 512],
      anchor: 'start',
    },
    'closed idle': {
      way: [
        [114, 564],
        [58, 564],
        [58, 464],
      ],
      says: 'disable',
      at: [52, 512],
      anchor: 'end',
    },
    'idle closed': {
      way: [
        [92, 464],
        [92, 548],
        [114, 548],
      ],
      says: 'close',
      at: [98, 512],
      anchor: 'start',
    },
    'closing idle': {
      way: [
        [188, 442],
        [124, 442],
      ],
      says: 'disable',
      at: [150, 434],
    },
  },
};

export const LAYOUTS = { wide, narrow };
