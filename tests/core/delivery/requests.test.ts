import { expect, test } from 'vitest';
import { requests } from '../../../src/core/extensions/requests.ts';
import type { Request, RequestOptions } from '../../../src/core/extensions/requests.ts';
import type { Frame, OutFrame } from '../../../src/core/link/frame.ts';
import { settle } from '../../support/simulation/world.ts';
import type { SessionWorld } from './companion.ts';
import { ANSWER, sent, simulateSession, simulateSessionOpen } from './companion.ts';

const reply = (id: number) => ({ lifeline: 'reply', id });

/** Asks, and writes down how often and how it ends. */
function ask({ connection }: SessionWorld, message: string, options?: RequestOptions) {
  const ends: unknown[] = [];
  const request = connection.extend<Request<Frame, OutFrame>>(requests);
  request(message, options).then(
    (value) => ends.push(value),
    ({ name, reason, uncertain, cause }) =>
      ends.push([name, reason, uncertain, cause].filter((part) => part !== undefined)),
  );
  return ends;
}

test('a request has a header, and its reply reaches nobody else', async () => {
  const world = await simulateSessionOpen();
  const first = ask(world, 'one');
  const second = ask(world, 'two');
  expect(sent(world)).toEqual([
    '{"lifeline":"request","id":1}\none',
    '{"lifeline":"request","id":2}\ntwo',
  ]);
  world.says({ lifeline: 'taken', number: 2 });
  world.says(reply(2), 'pong');
  world.says(reply(1));
  await settle();
  expect([first, second]).toEqual([[undefined], ['pong']]);
  expect(world.told).toEqual(['confirm one,two']);
  world.clock.advance(50);
  expect(sent(world).at(-1)).toBe('{"lifeline":"replied","ids":[2,1]}');
});

test('a request of an open handler has a header and a number, behind those of the older link (D66) (fault 125)', async () => {
  const world = await simulateSessionOpen();
  world.connection.send('one');
  let ends: unknown[] = [];
  world.connection.on('open', () => (ends = ask(world, 'ask')));
  world.breaks();
  await world.resumes();
  expect(sent(world)).toEqual(['one', '{"lifeline":"request","id":1}\nask']);
  world.says(reply(1), 'answer');
  await settle();
  expect(ends).toEqual(['answer']);
});

test('a reply says that its request was taken: it is not sent again, and not uncertain (D70) (fault 143)', async () => {
  const world = await simulateSessionOpen();
  const ends = ask(world, 'one');
  world.connection.send('two');
  world.says(reply(1), 'done');
  await settle();
  expect([ends, world.told]).toEqual([['done'], ['confirm one']]);
  world.breaks();
  await world.resumes({ taken: 0, known: false });
  expect(ends).toEqual(['done']);
  expect(world.told.slice(1)).toEqual(['close 1006', 'uncertain two']);
});

test('a refusal rejects with the reason (D48)', async () => {
  const world = await simulateSessionOpen();
  const ends = ask(world, 'one');
  world.says({ lifeline: 'refusal', id: 1, reason: 'full' });
  await settle();
  expect(ends).toEqual([['RequestError', 'refused', false, 'full']]);
});

test('a reply that was lost with the link comes again, and settles once (D42)', async () => {
  const world = await simulateSessionOpen();
  const ends = ask(world, 'one');
  world.says({ lifeline: 'taken', number: 1 });
  world.breaks();
  await world.resumes({ taken: 1 });
  expect(sent(world)).toEqual(['{"lifeline":"pending","ids":[1]}']);
  world.says(reply(1), 'done');
  world.says(reply(1), 'done');
  await settle();
  expect(ends).toEqual(['done']);
  world.clock.advance(50);
  expect(sent(world).at(-1)).toBe('{"lifeline":"replied","ids":[1,1]}');
});

test('a request that runs meanwhile is waited for (D43)', async () => {
  const world = await simulateSessionOpen();
  const ends = ask(world, 'one');
  world.breaks();
  await world.resumes({ taken: 1 });
  world.says({ lifeline: 'running', id: 1 });
  await settle();
  expect(ends).toEqual([]);
  world.says(reply(1), 'done');
  await settle();
  expect(ends).toEqual(['done']);
});

test('one that did not arrive is sent again, and not asked for (D53)', async () => {
  const world = await simulateSessionOpen();
  const ends = ask(world, 'one');
  world.breaks();
  await world.resumes({ taken: 0 });
  expect(sent(world)).toEqual(['{"lifeline":"request","id":1}\none']);
  world.says(reply(1), 'done');
  await settle();
  expect(ends).toEqual(['done']);
});

test('a server that has forgotten says lost, which is uncertain (D44)', async () => {
  const world = await simulateSessionOpen();
  const first = ask(world, 'one');
  world.says({ lifeline: 'taken', number: 1 });
  const second = ask(world, 'two');
  world.breaks();
  await world.resumes({ taken: 1, known: false });
  world.says({ lifeline: 'lost', id: 1 });
  await settle();
  expect([first, second]).toEqual([
    [['RequestError', 'lost', true]],
    [['RequestError', 'lost', true]],
  ]);
});

test('a timeout withdraws what waits, and aborts what was sent; a late reply is acknowledged (D45)', async () => {
  const world = await simulateSessionOpen();
  const first = ask(world, 'one', { timeout: 1_000 });
  world.clock.advance(1_000);
  await settle();
  expect(first).toEqual([['TimeoutError', true]]);
  expect(sent(world)).toEqual([
    '{"lifeline":"request","id":1}\none',
    '{"lifeline":"abort","id":1}',
  ]);
  world.says(reply(1), 'late');
  world.clock.advance(50);
  expect(sent(world).at(-1)).toBe('{"lifeline":"replied","ids":[1]}');
  world.breaks();
  const second = ask(world, 'two', { timeout: 1_000 });
  world.clock.advance(1_000);
  await settle();
  expect(second).toEqual([['TimeoutError', false]]);
  await world.resumes({ taken: 1 });
  // The link may have swallowed it the first time.
  expect(sent(world)).toEqual(['{"lifeline":"replied","ids":[1]}']);
});

test('a request waits while the server keeps as many replies as it may, also if it has taken all messages (fault 162)', async () => {
  const world = simulateSession();
  world.connection.open();
  await world.resumes({ messages: 2 });
  for (const text of ['one', 'two', 'three']) ask(world, text);
  world.says(reply(1));
  world.says({ lifeline: 'taken', number: 2 });
  expect(sent(world).slice(2)).toEqual([
    '{"lifeline":"replied","ids":[1]}',
    '{"lifeline":"request","id":3}\nthree',
  ]);
  ask(world, 'four');
  world.connection.send('five');
  world.says({ lifeline: 'taken', number: 3 });
  expect(sent(world)).toHaveLength(4);
  world.says(reply(2));
  world.clock.advance(100);
  expect(sent(world).slice(4)).toEqual([
    '{"lifeline":"replied","ids":[2]}',
    '{"lifeline":"request","id":4}\nfour',
    'five',
  ]);
});

test('a request that waits for the place of another goes out as soon as that one is acknowledged (fault 171)', async () => {
  const world = simulateSession();
  world.connection.open();
  await world.resumes({ messages: 1 });
  ask(world, 'one');
  ask(world, 'two');
  world.says({ lifeline: 'taken', number: 1 });
  world.says(reply(1));
  world.clock.advance(50);
  expect(sent(world).slice(1)).toEqual([
    '{"lifeline":"replied","ids":[1]}',
    '{"lifeline":"request","id":2}\ntwo',
  ]);
});

test('close() and another scope reject what is at work', async () => {
  const world = await simulateSessionOpen({ scope: 'a' });
  const first = ask(world, 'one');
  world.connection.update({ scope: 'b' });
  await world.resumes();
  const second = ask(world, 'two');
  world.says({ lifeline: 'taken', number: 1 });
  world.connection.close();
  await settle();
  expect(first).toEqual([['RequestError', 'closed', true]]);
  expect(second).toEqual([['RequestError', 'closed', true]]);
});

test('without a session, a request is bound to its link', async () => {
  const world = simulateSession();
  world.connection.open();
  world.accepts();
  world.says({ lifeline: 'pong', timestamp: 1 });
  await settle();
  const first = ask(world, 'one');
  const second = ask(world, 'two');
  expect(sent(world)[0]).toBe('{"lifeline":"request","id":1}\none');
  world.says(reply(1), 'done');
  world.breaks();
  await settle();
  expect(first).toEqual(['done']);
  expect(second).toEqual([['RequestError', 'lost', true]]);
});

test('10,000 at once over 20 cuts settle once each, and no handler runs twice (D47)', async () => {
  const world = await simulateSessionOpen({ outbox: { maxMessages: Infinity } });
  let ends = 0;
  const request = world.connection.extend<Request<Frame, OutFrame>>(requests);
  for (let number = 0; number < 10_000; number++)
    void request(`r${number}`, { timeout: 1e9 }).then((value) => (ends += Number(value === 'ok')));
  const handled: string[] = [];
  let taken = 0;
  let isStale = 0;
  for (let turn = 0; handled.length < 10_000 && turn < 200; turn++) {
    const frames = sent(world).slice(isStale);
    isStale += frames.length;
    const asked = frames.filter((frame) => frame.startsWith('{"lifeline":"request"'));
    for (const frame of asked) handled.push(frame.slice(frame.indexOf('\n') + 1));
    taken += asked.length;
    const ids = Array.from(asked, (frame) => JSON.parse(frame.split('\n')[0] ?? '').id);
    if (turn % 2 === 0 && turn < 40) {
      world.breaks();
      isStale = 0;
      await world.resumes({ taken });
      for (const id of ids) world.says(reply(id), 'ok');
    } else {
      for (const id of ids) world.says(reply(id), 'ok');
      world.says({ lifeline: 'taken', number: taken });
    }
    await settle();
  }
  expect(new Set(handled).size).toBe(10_000);
  expect(ends).toBe(10_000);
  expect(ANSWER.messages).toBe(256);
});
