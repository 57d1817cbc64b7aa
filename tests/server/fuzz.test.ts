/** Random frames, half of them nearly well-formed: for the parser, and some thousands over a socket. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { isLifelineFrame, parseLifelineFrame } from '../../src/server/protocol/lifeline-frame.ts';
import { FUZZ_SEED, frames, isWord } from '../support/server/fuzz-frames.ts';
import { test } from './fixtures.ts';

test('parseLifelineFrame() accepts exactly the well-formed frames', () => {
  fc.assert(
    fc.property(frames, (text) => {
      expect(isLifelineFrame(text) && !parseLifelineFrame(text).isMalformed).toBe(
        isLifelineFrame(text) && isWord(text),
      );
    }),
    { seed: FUZZ_SEED, numRuns: 20_000 },
  );
});

test('5,000 random frames over a socket leave the server and the connection working', async ({
  start,
}) => {
  const { server, visit, errors } = await start({ rate: false });
  let heard = 0;
  server.on('message', () => heard++);
  const ada = await visit();
  const [client] = server.clients;
  const said = fc.sample(fc.oneof(frames, fc.uint8Array({ maxLength: 200 })), {
    seed: FUZZ_SEED,
    numRuns: 5_000,
  });
  for (const frame of said) ada.send(frame);
  await ada.roundTrip();
  const ours = said.filter(
    (frame) => typeof frame === 'string' && isLifelineFrame(frame),
  ) as string[];
  expect(heard).toBe(said.length - ours.length);
  expect(server.malformed).toBe(ours.filter((text) => !isWord(text)).length);
  expect([...server.clients]).toEqual([client]);
  expect(errors).toEqual([]);
});
