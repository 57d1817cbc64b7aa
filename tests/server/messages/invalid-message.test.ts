import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { DecodeError } from '../../../src/core/messages/codec.ts';
import { InvalidMessage } from '../../../src/server/messages/invalid-message.ts';

const SECRET = 'hunter2';

test('console.log and JSON.stringify show nothing that the client wrote', () => {
  const thrown = new DecodeError(SECRET, undefined, [
    { message: `got ${SECRET}`, path: [{ key: 'password', value: SECRET }] },
  ]);
  const invalid = new InvalidMessage(SECRET, thrown);
  expect(JSON.parse(JSON.stringify(invalid))).toEqual({
    reason: 'It does not fit the schema: password.',
    bytes: 7,
  });
  expect(inspect(invalid, { depth: Infinity, getters: false })).not.toContain(SECRET);
  expect(invalid.error).toBe(thrown);
});

test('a reason is short, and one line, whatever the client sent', () => {
  const path = Array.from({ length: 10_000 }, () => 'deep');
  const issues = ['a\nb', '<b>', 'x'.repeat(10_000), 'more'].map((key) => ({ path: [key, 0] }));
  const reasons = [
    new DecodeError('', undefined, issues),
    new DecodeError('', undefined, [{ path }, { path }, { path }, { path }]),
    Object.assign(new Error(SECRET), { name: `Name\n${SECRET}` }),
    SECRET,
    null,
  ].map((thrown) => new InvalidMessage('', thrown).reason);
  expect(reasons).toEqual([
    `It does not fit the schema: ?.0, ?.0, ${'x'.repeat(40)}… and more.`,
    expect.stringMatching(/^It does not fit the schema: (deep\.){8}…, .* and more\.$/),
    'The codec cannot decode it (?).',
    'The codec cannot decode it (a thrown string).',
    'The codec cannot decode it (a thrown object).',
  ]);
  for (const reason of reasons) expect(reason.length).toBeLessThan(200);
});

test('the issues of another copy of the library are found', () => {
  const foreign = Object.assign(new Error(), { issues: [{ message: 'no', path: ['name'] }] });
  const invalid = new InvalidMessage(Buffer.from([1]), foreign);
  expect(invalid.reason).toBe('It does not fit the schema: name.');
  expect(invalid.error).toMatchObject({ cause: foreign, issues: foreign.issues });
  expect(invalid.error.frame).toEqual(Uint8Array.of(1).buffer);
});
