import { expect, test } from 'vitest';
import { takeReports } from '../../support/reports.ts';
import { settle } from '../../support/simulation/world.ts';
import { ANSWER, simulateSession, simulateSessionOpen } from './companion.ts';

const position = (topic: string, epoch: string, number: number) => ({
  lifeline: 'position',
  topic,
  epoch,
  number,
});
const gap = (topic: string, epoch: string, number: number) => ({
  ...position(topic, epoch, number),
  lifeline: 'gap',
});
const topic = (name: string, number: number) => ({ lifeline: 'topic', topic: name, number });

/** Each word of a frame is a message. */
const splitting = { encode: String, decodeAll: (frame: unknown) => (frame as string).split(' ') };

test('positions are told before the session, and each message is handed over once (D27)', async () => {
  const world = await simulateSessionOpen();
  world.says(position('room', 'a', 4));
  world.says(topic('room', 5), 'five');
  world.says(topic('room', 6), 'six');
  world.breaks();
  world.accepts();
  expect(JSON.parse(world.received()[0] ?? '')).toEqual({
    lifeline: 'positions',
    topics: [['room', 'a', 6]],
  });
  world.says(ANSWER);
  await settle();
  world.says(position('room', 'a', 6));
  for (const number of [6, 7, 8]) world.says(topic('room', number), `message ${number}`);
  expect(world.told).toEqual([
    'message five',
    'message six',
    'close 1006',
    'message message 7',
    'message message 8',
  ]);
});

test('a topic in which nothing was said has a position, too (D30)', async () => {
  const world = await simulateSessionOpen();
  world.says(position('room', 'a', 0));
  world.breaks();
  world.accepts();
  expect(JSON.parse(world.received()[0] ?? '').topics).toEqual([['room', 'a', 0]]);
});

test.each([
  ['the server says so (D28)', gap('room', 'a', 60)],
  ['the server has begun another epoch (D29)', position('room', 'b', 2)],
  ['a number is missing', topic('room', 6)],
])('a gap is told with its topic if %s', async (_, words) => {
  const world = await simulateSessionOpen();
  world.says(position('room', 'a', 4));
  expect(world.told).toEqual([]);
  world.says(words, words.lifeline === 'topic' ? 'six' : undefined);
  expect(world.told[0]).toBe('gap room');
  world.says(topic('room', words.number + 1), 'next');
  expect(world.told.at(-1)).toBe('message next');
  expect(world.told.filter((text) => text.startsWith('gap'))).toHaveLength(1);
});

test('a position with the next number stands for a message that was meant for others (D32)', async () => {
  const world = await simulateSessionOpen();
  world.says(position('room', 'a', 4));
  world.says(position('room', 'a', 5));
  world.says(topic('room', 6), 'six');
  expect(world.told).toEqual(['message six']);
});

test('a topic that ended begins anew (D33)', async () => {
  const world = await simulateSessionOpen();
  world.says(position('room', 'a', 4));
  world.says({ lifeline: 'unsubscribed', topic: 'room' });
  world.says(position('room', 'a', 9));
  world.says(topic('room', 10), 'ten');
  expect(world.told).toEqual(['message ten']);
});

test('a handler that throws has been handed the message: it does not come again (D35)', async () => {
  const world = await simulateSessionOpen();
  world.connection.on('message', () => {
    throw new Error('app');
  });
  world.says(position('room', 'a', 0));
  world.says(topic('room', 1), 'one');
  world.says(topic('room', 2), 'two');
  world.says(topic('room', 1), 'one');
  expect(world.told).toEqual(['message one', 'message two']);
  expect(takeReports()).toHaveLength(2);
});

test('messages that come before the link is open are handed over after, or come again with the next link', async () => {
  let finish = () => {};
  const world = simulateSession({ handshake: () => new Promise<void>((done) => (finish = done)) });
  world.connection.open();
  await world.resumes();
  world.says(position('room', 'a', 0));
  world.says(topic('room', 1), 'one');
  expect(world.told).toEqual([]);
  world.breaks();
  await world.resumes();
  expect(JSON.parse(world.received()[0] ?? '').lifeline).toBe('session');
  world.says(position('room', 'a', 0));
  world.says(topic('room', 1), 'one');
  finish();
  await settle();
  expect(world.told).toEqual(['close 1006', 'message one']);
});

test('messages that came during a handshake are not passed over if the handler of the first one ends the connection (D68) (fault 127)', async () => {
  let finish = () => {};
  const world = simulateSession({ handshake: () => new Promise<void>((done) => (finish = done)) });
  world.connection.open();
  await world.resumes();
  world.says(position('room', 'a', 0));
  for (const number of [1, 2]) world.says(topic('room', number), `message ${number}`);
  const stop = world.connection.on('message', () => {
    stop();
    world.connection.close();
  });
  finish();
  await settle();
  expect(world.told).toEqual(['message message 1']);
  world.connection.open();
  world.accepts();
  expect(JSON.parse(world.received()[0] ?? '').topics).toEqual([['room', 'a', 1]]);
});

test.each(['reconnect', 'close'] as const)(
  'all messages of one frame are handed over, also if the handler of the first calls %s() (D81) (fault 123)',
  async (end) => {
    const world = await simulateSessionOpen({
      codec: splitting,
    });
    world.says(position('room', 'a', 0));
    const stop = world.connection.on('message', () => {
      stop();
      world.connection[end]();
    });
    world.says(topic('room', 1), 'one two three');
    expect(world.told.filter((text) => text.startsWith('message'))).toEqual([
      'message one',
      'message two',
      'message three',
    ]);
  },
);

test('the rest of a frame is not handed over in another scope', async () => {
  const world = await simulateSessionOpen({
    scope: 'ada',
    codec: splitting,
  });
  world.says(position('room', 'a', 0));
  world.connection.on('message', () => world.connection.update({ scope: 'bob' }));
  world.says(topic('room', 1), 'one two three');
  expect(world.told.filter((text) => text.startsWith('message'))).toEqual(['message one']);
});

test('1,001 positions are told, in parts that are small enough', async () => {
  const world = await simulateSessionOpen();
  for (let number = 0; number < 1_100; number++)
    world.says(position(`${number}${'\u0000'.repeat(250)}`, 'e'.repeat(64), 1e15));
  world.breaks();
  world.accepts();
  const frames = world.received();
  const parts = frames.filter((frame) => frame.includes('"positions"'));
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(65_536);
  expect(parts.flatMap((part) => JSON.parse(part).topics)).toHaveLength(1_001);
});

test('positions are told in frames that a server takes which takes only small ones (fault 165)', async () => {
  const world = simulateSession();
  world.connection.open();
  await world.resumes({ largest: 200 });
  for (let number = 0; number < 10; number++) world.says(position(`room ${number} é`, 'a', 1));
  world.breaks();
  world.accepts();
  const parts = world.received().filter((frame) => frame.includes('"positions"'));
  expect(parts.flatMap((part) => JSON.parse(part).topics)).toHaveLength(10);
  for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(200);
});

test('another scope forgets the positions', async () => {
  const world = await simulateSessionOpen({ scope: 'a' });
  world.says(position('room', 'a', 4));
  world.connection.update({ scope: 'b' });
  world.accepts();
  expect(JSON.parse(world.received()[0] ?? '').lifeline).toBe('session');
});
