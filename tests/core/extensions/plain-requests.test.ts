/** Requests to the companion without a session: over one link, with `lifeline()` as the heartbeat. */
import { expect, test } from 'vitest';
import { requests } from '../../../src/core/extensions/requests.ts';
import type { Request, RequestOptions } from '../../../src/core/extensions/requests.ts';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import { lifeline } from '../../../src/core/lifeline/lifeline.ts';
import type { Frame, OutFrame } from '../../../src/core/link/frame.ts';
import { settle, simulate } from '../../support/simulation/world.ts';

function open(options: ConnectionOptions = {}) {
  const world = simulate({ heartbeat: lifeline(), ...options });
  const { connection, network } = world;
  const request = connection.extend<Request<Frame, OutFrame>>(requests);
  const ask = (message: OutFrame, given?: RequestOptions) => {
    const ends: unknown[] = [];
    request(message, given).then(
      (value) => ends.push(value),
      ({ name, reason, uncertain, cause, message: text }) =>
        ends.push([name, reason ?? text, uncertain, cause].filter((part) => part !== undefined)),
    );
    return ends;
  };
  connection.open();
  network.server.accepts();
  return { ...world, ask, sent: () => network.server.received };
}

test('a request has a header, and its reply reaches nobody else', async () => {
  const { ask, sent, network, log } = open();
  const ends = [ask('one'), ask('two'), ask('three')];
  expect(sent()).toEqual(
    ['one', 'two', 'three'].map((text, n) => `{"lifeline":"request","id":${n + 1}}\n${text}`),
  );
  network.server.sends('{"lifeline":"reply","id":2}\npong\nin two lines');
  network.server.sends('{"lifeline":"reply","id":1}');
  network.server.sends('{"lifeline":"refusal","id":3,"reason":"full"}');
  await settle();
  expect(ends).toEqual([
    [undefined],
    ['pong\nin two lines'],
    [['RequestError', 'refused', false, 'full']],
  ]);
  expect(log.filter((text) => text.startsWith('message'))).toEqual([]);
});

test('a request waits in the outbox for a link, as every message does', async () => {
  const { connection, network, sent, ask, clock } = open();
  network.server.breaks();
  ask('one');
  connection.send('two');
  expect(connection.outbox.map(({ message }) => message)).toEqual(['one', 'two']);
  network.acceptsAll();
  clock.advance(5_000);
  expect(sent().slice(0, 2)).toEqual(['{"lifeline":"request","id":1}\none', 'two']);
});

test('the server is told when nobody waits any more', async () => {
  const { ask, sent, clock } = open();
  const stop = new AbortController();
  const ends = [ask('one', { signal: stop.signal }), ask('two', { timeout: 100 })];
  stop.abort();
  clock.advance(100);
  await settle();
  expect(ends.map(([end]) => (end as unknown[])[0])).toEqual(['AbortError', 'TimeoutError']);
  expect(sent().filter((frame) => (frame as string).includes('abort'))).toEqual([
    '{"lifeline":"abort","id":1}',
    '{"lifeline":"abort","id":2}',
  ]);
});

test('a request ends with its link, or is sent again over the next one', async () => {
  const { ask, sent, network, clock } = open();
  const ends = [ask('one'), ask('two', { again: true })];
  network.server.breaks();
  await settle();
  expect(ends).toEqual([[['RequestError', 'lost', true]], []]);
  network.acceptsAll();
  clock.advance(5_000);
  expect(sent()[0]).toBe('{"lifeline":"request","id":2}\ntwo');
});

test('a request must be text', async () => {
  const { ask, sent } = open();
  const ends = ask(new Uint8Array([1]));
  await settle();
  expect(ends).toEqual([
    [
      'TypeError',
      'A request without the option delivery must be text: use a codec such as json(), or delivery={confirmed()}.',
    ],
  ]);
  expect(sent()).toEqual([]);
});

test('frames of another server that are no messages are not read', async () => {
  const world = open({ heartbeat: { pong: () => 'control' } });
  world.network.server.sends('keep-alive');
  expect(world.ask('one')).toEqual([]);
});
