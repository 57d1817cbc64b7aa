import { describe, expect, onTestFinished, vi } from 'vitest';
import { createLifelineServer } from '../../src/server.ts';
import { test } from './fixtures.ts';

describe('listeners', () => {
  test("one that throws or rejects disturbs nobody; its error is an 'error' event", async ({
    start,
  }) => {
    const { server, visit, errors } = await start({});
    const heard: unknown[] = [];
    server.on('message', () => {
      throw new Error('thrown');
    });
    server.on('message', async () => {
      throw new Error('rejected');
    });
    server.on('message', () => {
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- as some code does
      throw 'a text';
    });
    server.on('message', (_client, data) => heard.push(data));
    const ada = await visit();
    ada.say('hello');
    await ada.roundTrip();
    expect(heard).toEqual(['hello']);
    expect(errors.map(({ message, cause }) => cause ?? message)).toEqual([
      'thrown',
      'a text',
      'rejected',
    ]);
  });

  test("the console tells of errors where nobody listens to 'error', or who does throws", async ({
    start,
  }) => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => print.mockRestore());
    const { server, visit } = await start({});
    const lonely = createLifelineServer({
      origins: () => Promise.reject(new Error('never')) as never,
    });
    server.on('error', () => {
      throw new Error('the listener failed, too');
    });
    server.on('connection', () => {
      throw new Error('failed');
    });
    await (await visit()).roundTrip();
    expect(print.mock.calls.map(([error]) => (error as Error).message)).toEqual([
      'the listener failed, too',
    ]);
    await lonely.close();
  });

  test('one that was removed hears nothing', async ({ start }) => {
    const { server, visit } = await start({});
    const heard = vi.fn<() => void>();
    const stop = server.on('connection', heard);
    stop();
    await visit();
    expect(heard).not.toHaveBeenCalled();
  });
});
