import { describe, expect, onTestFinished, vi } from 'vitest';
import { createLifelineServer } from '../../src/server.ts';
import { Events } from '../../src/server/events.ts';
import { takeReports } from '../support/reports.ts';
import { test } from './fixtures.ts';

describe('listeners', () => {
  test("a listener that throws or rejects does not stop the others, and causes an 'error' event", async ({
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
    ada.send('hello');
    await ada.roundTrip();
    expect(heard).toEqual(['hello']);
    expect(errors.map(({ message, cause }) => cause ?? message)).toEqual([
      'thrown',
      'a text',
      'rejected',
    ]);
  });

  test("errors go to the console if there is no 'error' listener, or if that one throws", async ({
    start,
  }) => {
    const lonely = createLifelineServer({ port: 0, host: '127.0.0.1' });
    lonely.on('listening', () => {
      throw new Error('nobody listened');
    });
    await new Promise((resolve) => lonely.on('listening', resolve));
    await lonely.close();
    const { server, visit, errors } = await start({});
    server.on('error', () => {
      throw new Error('the listener failed, too');
    });
    server.on('connection', () => {
      throw new Error('failed');
    });
    await (await visit()).roundTrip();
    expect(errors).toEqual([new Error('failed')]);
    expect(takeReports().map(String)).toEqual([
      'Error: nobody listened',
      'Error: the listener failed, too',
    ]);
  });

  test('a removed listener is not called', async ({ start }) => {
    const { server, visit } = await start({});
    const heard = vi.fn<() => void>();
    const stop = server.on('connection', heard);
    stop();
    await visit();
    expect(heard).not.toHaveBeenCalled();
  });
});

test('a listener that adds itself while it is called is called again at the next event only (fault 91)', () => {
  const events = new Events();
  let calls = 0;
  const listener = () => {
    calls++;
    events.on('online', listener);
  };
  events.on('online', listener);
  events.emit('online', 'ada');
  expect(calls).toBe(1);
  events.emit('online', 'ada');
  expect(calls).toBe(3);
});

test('a listener that another one removes or replaces while it is called is not called any more (fault 91)', () => {
  const events = new Events();
  const heard: string[] = [];
  events.on('online', () => {
    heard.push('first');
    stop();
    events.on('online', () => heard.push('new'));
  });
  const stop = events.on('online', () => heard.push('removed'));
  events.emit('online', 'ada');
  expect(heard).toEqual(['first']);
});

test('report() does not throw even if console.error throws', () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {
    throw new Error('its getter throws');
  });
  onTestFinished(() => print.mockRestore());
  expect(() => new Events().report(new Error('failed'))).not.toThrow();
  expect(print).toHaveBeenCalledOnce();
});
