import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { createLifelineServer } from '../../../src/server.ts';
import { authenticateWithin } from '../../../src/server/admission/authenticate.ts';
import { requestUpgrade } from '../../support/server/upgrade.ts';
import { Visitor } from '../../support/server/visitor.ts';
import { test } from '../fixtures.ts';

const SILENCE = /^$/;

describe('authenticate', () => {
  test('gives the client its identity, also as a promise of an object with an id', async ({
    start,
  }) => {
    const { server, visit } = await start({
      authenticate: async ({ url }) => ({ id: 'ada', path: url }),
    });
    await visit('/desk');
    const [client] = server.clients;
    expect(client?.identity).toEqual({ id: 'ada', path: '/desk' });
    expect(client?.identity.path).toBe('/desk');
    expect(client?.id).toBe('ada');
    expect(server.presence.list()).toEqual(['ada']);
  });

  test('is optional: without it the identity is the id of the connection', async ({ start }) => {
    const { server, visit } = await start({});
    await Promise.all([visit(), visit()]);
    const ids = [...server.clients].map(({ id }) => id);
    expect([...server.clients].map(({ connection }) => connection)).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
    expect(server.presence.list()).toEqual(ids);
  });

  test.for<[string, unknown, RegExp]>([
    ['null', null, SILENCE],
    ['undefined', undefined, SILENCE],
    ['a promise of null', Promise.resolve(null), SILENCE],
    ['a number', 7, /did not return an identity/],
    ['an empty string', '', /did not return an identity/],
    ['a string of 257 characters', 'x'.repeat(257), /did not return an identity/],
    ['an object without an id', { name: 'ada' }, /did not return an identity/],
    ['an object whose id is an object', { id: { toString: 1 } }, /did not return an identity/],
    ['a promise that never settles', new Promise(() => {}), /did not answer within 50 ms/],
  ])('that returns %s leads to a 401', async ([, answer, error], { start }) => {
    const { server, statusOf, errors } = await start({
      authenticate: () => answer as string,
      authenticateTimeout: 50,
    });
    expect(await statusOf()).toBe(401);
    expect(server.clients.size).toBe(0);
    expect(errors.join()).toMatch(error);
  });

  test('that throws or rejects leads to a 401 and an error event', async ({ start }) => {
    const thrower = await start({
      authenticate: () => {
        throw new Error('expired');
      },
    });
    const rejecter = await start({ authenticate: () => Promise.reject(new Error('expired')) });
    for (const { statusOf, errors } of [thrower, rejecter]) {
      expect(await statusOf()).toBe(401);
      expect(errors).toEqual([new Error('expired')]);
    }
  });

  test('may answer after the client has disconnected, which leaves nothing behind', async ({
    start,
  }) => {
    const answers: ((id: string | null) => void)[] = [];
    const { server, url, statusOf, errors } = await start({
      authenticate: () => new Promise<string | null>((resolve) => answers.push(resolve)),
      maxConnections: 6,
    });
    const leaves = [
      (socket: Socket) => socket.resetAndDestroy(),
      (socket: Socket) => socket.destroy(),
      (socket: Socket) => socket.end(),
    ];
    const raw = [...leaves, ...leaves].map((leave) => {
      const socket = requestUpgrade(Number(new URL(url).port));
      return () => leave(socket);
    });
    await vi.waitFor(() => expect(answers).toHaveLength(6));
    expect(await statusOf()).toBe(503);
    for (const leave of raw) leave();
    await new Promise((resolve) => setTimeout(resolve, 20));
    answers.forEach((answer, n) => answer(n < 3 ? `ada-${n}` : null));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await vi.waitFor(() => expect(server.clients.size).toBe(0));
    const admitted = statusOf();
    await vi.waitFor(() => expect(answers).toHaveLength(7));
    answers[6]?.('joan');
    expect(await admitted).toBe(101);
    expect(errors).toEqual([]);
  });

  test.for(['ada', null, new Error('late')])(
    'may answer %s after its timeout, which has no effect and leaves nothing behind',
    async (answer, { start }) => {
      const unhandled = vi.fn<() => void>();
      process.on('unhandledRejection', unhandled);
      onTestFinished(() => void process.off('unhandledRejection', unhandled));
      let settle = () => {};
      const { server, statusOf, errors } = await start({
        authenticate: () =>
          new Promise<string | null>((resolve, reject) => {
            settle = () => (answer instanceof Error ? reject(answer) : resolve(answer));
          }),
        authenticateTimeout: 30,
        maxConnections: 1,
      });
      const connected = vi.fn<() => void>();
      server.on('connection', connected);
      expect(await statusOf()).toBe(401);
      settle();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(server.clients.size).toBe(0);
      expect(connected).not.toHaveBeenCalled();
      expect(unhandled).not.toHaveBeenCalled();
      // Its place is free again: authenticate is called for the next client.
      expect(await statusOf()).toBe(401);
      expect(errors.map(String)).toEqual(
        [1, 2].map(() => expect.stringMatching(/did not answer within 30 ms/)),
      );
    },
  );

  test('is waited for by close(), also without a server of its own', async () => {
    let answer: (id: string) => void = () => {};
    const server = createLifelineServer({
      origins: [null],
      authenticate: () => new Promise<string>((resolve) => (answer = resolve)),
    });
    const http = createServer().listen(0);
    onTestFinished(() => void http.close());
    http.on('upgrade', (...upgrade) => server.handleUpgrade(...upgrade));
    const { status } = new Visitor(`ws://localhost:${(http.address() as AddressInfo).port}`);
    await once(http, 'upgrade');
    const closed = vi.fn<() => void>();
    const closing = server.close().then(closed);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(closed).not.toHaveBeenCalled();
    answer('ada');
    await closing;
    expect(await status).toBe(503);
  });

  test('may answer after close(), and the client is refused', async ({ start }) => {
    let answer: (id: string) => void = () => {};
    const { server, statusOf } = await start({
      authenticate: () => new Promise<string>((resolve) => (answer = resolve)),
    });
    const status = statusOf();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closed = server.close();
    answer('ada');
    expect(await status).toBe(503);
    await closed;
  });
});

test('authenticateWithin() leaves no timer when the answer comes in time', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const answer = authenticateWithin(5_000, async () => 'ada', {} as IncomingMessage);
  expect(vi.getTimerCount()).toBe(1);
  expect(await answer).toEqual({ identity: 'ada', id: 'ada' });
  expect(vi.getTimerCount()).toBe(0);
});
