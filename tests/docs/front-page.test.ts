import { expect, test } from 'vitest';
import { measured } from '../../stories/front-page/measured.ts';
import { advance, lastResult, START, verdict } from '../../stories/front-page/race.ts';
import { RACERS } from '../../stories/front-page/racers/racers.ts';
import { record } from '../../stories/front-page/record.ts';

test('a figure of the first page is read from the tables of docs/measurements.md', () => {
  expect(measured('dead peer', 'react-lifeline')).toMatch(/^\d\.\d\u00A0s$/);
  expect(measured('client → server, delivered, %', 'ws by hand')).toMatch(/^\d+\.\d$/);
  expect(() => measured('dead peer', 'Socket.IO')).toThrow(/no figure "dead peer" of "Socket.IO"/);
});

test('the recorded race goes on until all but the bare WebSocket are open again', () => {
  const race = record.events.reduce(advance, START);
  expect(race.overAt).toBeDefined();
  expect(verdict('react-lifeline', race)).toMatch(
    /^Noticed after [12]\.\d s, open after [12]\.\d s$/,
  );
  expect(verdict('react-use-websocket', race)).toMatch(/^Noticed after 6\d\.\d s, open after 6/);
  expect(verdict('WebSocket', race)).toBe('After 70.0 s: still says “Open”');
  expect(lastResult(race)).toMatch(/^WebSocket: .* react-use-websocket: .* react-lifeline: /);
});

test('the recorded flood has all apps', () => {
  expect(Object.keys(record.flood)).toEqual([...RACERS]);
});
