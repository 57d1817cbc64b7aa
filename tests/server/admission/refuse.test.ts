import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { refuse } from '../../../src/server/admission/refuse.ts';

test('refuse() answers with the status and closes the socket, even if the client goes on writing', async () => {
  const socket = new PassThrough();
  const answer = once(socket, 'data');
  refuse(socket, 503, 'busy');
  expect(String((await answer)[0])).toMatch(
    /^HTTP\/1\.1 503 Service Unavailable\r\n.*\r\n\r\nbusy$/s,
  );
  await once(socket, 'close');
  expect(socket.destroyed).toBe(true);
});

test('refuse() of a client that has disconnected does not end the process', () => {
  const socket = new PassThrough();
  refuse(socket, 404, 'nothing here');
  expect(socket.emit('error', new Error('ECONNRESET'))).toBe(true);
});
