/** The examples of the section "Delivery" of PROTOCOL.md, spoken to the server. */
import { readFileSync } from 'node:fs';
import { expect, test as plain, vi } from 'vitest';
import { memoryHistory, Refusal } from '../../../src/server.ts';
import { readDeliveryWord } from '../../../src/server/protocol/delivery-words.ts';
import { test } from '../sessions/fixtures.ts';

const protocol = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');
const examplesOf = (end: 'client' | 'server') =>
  [...protocol.matchAll(new RegExp(`^\`\`\`text session ${end}\n(.*?)\n\`\`\`$`, 'gms'))].map(
    ([, frame = '']) => frame,
  );
const headerOf = (frame: string) =>
  JSON.parse(frame.split('\n', 1)[0] ?? '') as Record<string, unknown> & { lifeline: string };

/** The word and the members of a frame, and whether it has a payload. */
const shapeOf = (frame: string) =>
  `${headerOf(frame).lifeline}: ${Object.keys(headerOf(frame)).slice(1).toSorted().join(', ')}${frame.includes('\n') ? ' + payload' : ''}`;

/** What the examples show only with or without failures. */
const WITHOUT_FAILURES = [
  'session: bytes, epoch, failed, id, known, largest, messages, taken',
  'session: bytes, epoch, known, largest, messages, taken, token',
];

plain('PROTOCOL.md shows every word of a client', () => {
  expect(
    [...new Set(examplesOf('client').map((frame) => headerOf(frame).lifeline))].toSorted(),
  ).toEqual([
    'abort',
    'message',
    'pending',
    'ping',
    'positions',
    'replied',
    'request',
    'session',
    'skip',
    'uncounted',
  ]);
  for (const frame of examplesOf('client'))
    expect(readDeliveryWord(frame.split('\n', 1)[0] ?? '')).not.toBeNull();
});

test.for(examplesOf('client'))('the server understands %s', async (frame, { startSessions }) => {
  const { server, client, handled } = await startSessions({ history: memoryHistory() });
  const requests: unknown[] = [];
  server.on('request', (_client, message) => void requests.push(message));
  const { lifeline } = headerOf(frame);
  const payload = frame.slice(frame.indexOf('\n') + 1);
  const ada = client();
  await ada.open();
  if (lifeline === 'positions') ada.raw(frame);
  if (lifeline === 'session') ada.raw(frame);
  else ada.begin();
  expect(await ada.hears('session')).toMatchObject({ known: false });
  if (lifeline !== 'positions' && lifeline !== 'session') {
    // The count of the example.
    if (lifeline === 'ping') ada.word({ lifeline: 'skip', count: Number(headerOf(frame).sent) });
    ada.raw(frame);
  }
  await ada.visitor?.roundTrip();
  expect(server.malformed).toBe(0);
  expect(ada.words('miscount')).toEqual([]);
  expect(handled.map(([, number, message]) => [number, message])).toEqual(
    lifeline === 'message' ? [[1, payload]] : lifeline === 'uncounted' ? [[null, payload]] : [],
  );
  expect(requests).toEqual(lifeline === 'request' ? [payload] : []);
});

test('PROTOCOL.md shows every frame that the server says in a session, as it says it', async ({
  startSessions,
}) => {
  const said: string[] = [];
  for (const authenticate of [undefined, () => 'ada']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { server, client } = await startSessions({
      history: memoryHistory(),
      authenticate,
    });
    server.on('message', async (from, message) => {
      if (message === 'subscribe') server.subscribe(from, 'room');
      if (message === 'unsubscribe') server.unsubscribe(from, 'room');
      if (message === 'full') throw new Refusal('the room is full');
      if (message === 'hang') await new Promise((resolve) => setTimeout(resolve, 200));
      if (message === 'echo') from.send(`{"lifeline":"this is the application's"}`);
    });
    server.on('request', (_client, message) => {
      if (message === 'full') throw new Refusal('the list is full');
      if (message === 'work') return new Promise<string>(() => {});
      return message === 'nothing' ? undefined : message;
    });
    const ada = client();
    const keep = () => said.push(...(ada.visitor?.received.map(String) ?? []));
    // oxlint-disable no-await-in-loop -- one after the other
    await ada.resume();
    for (const text of ['subscribe', 'full', 'echo']) ada.send(text);
    await ada.roundTrip();
    server.broadcast('hello', { topic: 'room' });
    ada.request(1, 'hello');
    ada.request(2, 'nothing');
    ada.request(3, 'full');
    ada.request(4, 'work');
    ada.word({ lifeline: 'pending', ids: [4, 5] });
    await ada.roundTrip();
    ada.send('unsubscribe');
    ada.send('full');
    await vi.waitFor(() => expect(server.stats().failed).toBe(2));
    keep();
    await ada.cut();
    await ada.resume();
    keep();
    ada.send('hang');
    await ada.visitor?.roundTrip();
    await ada.cut();
    await ada.resume([['room', 'another', 7]]);
    ada.send('subscribe');
    await ada.hears('taken');
    ada.raw('a frame that is not counted');
    ada.word({ lifeline: 'ping', timestamp: 1, sent: ada.sent });
    await ada.visitor?.closed;
    keep();
    // oxlint-enable no-await-in-loop
  }
  const ours = said.filter((frame) => frame.startsWith('{"lifeline":'));
  const shapes = new Set(ours.map(shapeOf).filter((shape) => shape !== 'pong: timestamp'));
  expect(shapes).toEqual(new Set([...examplesOf('server').map(shapeOf), ...WITHOUT_FAILURES]));
});
