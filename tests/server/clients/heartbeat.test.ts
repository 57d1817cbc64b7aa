import { once } from 'node:events';
import { describe, expect, vi } from 'vitest';
import { byPath, test } from '../fixtures.ts';

describe('the server', () => {
  test("answers 'ping' with 'pong' and a lifeline ping with its timestamp, and delivers neither as a message", async ({
    start,
  }) => {
    const { server, visit } = await start({});
    const messages: unknown[] = [];
    server.on('message', (_client, data) => messages.push(data));
    const ada = await visit();
    ada.send('ping');
    ada.send({ lifeline: 'ping', timestamp: -12.5 });
    ada.send('pings are not this');
    await ada.receives('pong');
    await ada.receives({ lifeline: 'pong', timestamp: -12.5 });
    await vi.waitFor(() => expect(messages).toEqual(['pings are not this']));
  });

  test('takes the id in a lifeline ping as the name of the client, and not as its identity', async ({
    start,
  }) => {
    const { server, visit } = await start({ authenticate: byPath });
    const ada = await visit('/ada');
    ada.send({ lifeline: 'ping', id: 'grace', timestamp: 1 });
    await ada.receives({ lifeline: 'pong', timestamp: 1 });
    const [client] = server.clients;
    expect(client).toMatchObject({ id: 'ada', name: 'grace' });
    expect(server.presence.list()).toEqual(['ada']);
  });

  describe('with its timer', () => {
    // Only the timer of the server is faked; the sockets work in real time.
    const timerRuns = (seconds: number) => vi.advanceTimersByTime(seconds * 1_000);

    test.beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
    test.afterEach(() => void vi.useRealTimers());

    test('terminates a client that has sent nothing for 60 s and answered no ping, and no other', async ({
      start,
    }) => {
      const { server, visit } = await start({ authenticate: byPath });
      const ends: unknown[] = [];
      server.on('disconnection', ({ id }, code, reason) => ends.push([id, code, reason]));
      const mute = await visit('/mute', { autoPong: false });
      const quiet = await visit('/quiet');
      const pinged = vi.fn<() => void>();
      quiet.socket.on('ping', pinged);
      for (const _ of [1, 2]) {
        timerRuns(25);
        await once(quiet.socket, 'ping');
        await quiet.roundTrip();
      }
      timerRuns(10);
      expect(server.clients.size).toBe(2);
      timerRuns(1);
      expect(await mute.closed).toEqual([1006, '']);
      await quiet.roundTrip();
      expect(ends).toEqual([['mute', 1006, 'The client sent nothing within the timeout.']]);
      expect([...server.clients].map(({ id }) => id)).toEqual(['quiet']);
      expect(pinged).toHaveBeenCalledTimes(2);
    });

    test('terminates a client that does not answer the closing handshake', async ({ start }) => {
      const { server, visit } = await start({});
      const ada = await visit();
      ada.socket.pause();
      const closed = server.close();
      timerRuns(3);
      expect(server.clients.size).toBe(1);
      timerRuns(1);
      await closed;
      expect(server.clients.size).toBe(0);
    });

    test('terminates a client that leaves over 1 MiB unread for 5 s', async ({ start }) => {
      const { server, visit } = await start({ authenticate: byPath });
      const ends: unknown[] = [];
      server.on('disconnection', (_client, code, reason) => ends.push([code, reason]));
      const [slow, fast] = [await visit('/slow'), await visit('/fast')];
      slow.socket.pause();
      // The operating system buffers some of it.
      for (let n = 0; n < 16; n++) server.broadcast(new Uint8Array(1_048_576));
      await vi.waitFor(() => expect(fast.received.length).toBe(16));
      timerRuns(5);
      expect(server.clients.size).toBe(2);
      timerRuns(1);
      slow.socket.resume();
      expect((await slow.closed)[0]).toBe(1006);
      await fast.roundTrip();
      expect(ends).toEqual([[1006, 'The client did not read what it was sent.']]);
    });

    test('keeps a client that reads again within 5 s, each time it falls behind', async ({
      start,
    }) => {
      const { server, visit } = await start({});
      const ada = await visit();
      const [client] = server.clients;
      const falls = async (behind: number) => {
        ada.socket.pause();
        for (let n = 0; n < behind; n++) server.broadcast(new Uint8Array(1_048_576));
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(client?.socket.bufferedAmount).toBeGreaterThan(1_048_576);
      };
      for (const _ of [1, 2]) {
        await falls(16);
        timerRuns(5);
        ada.socket.resume();
        await vi.waitFor(() => expect(client?.socket.bufferedAmount).toBe(0));
        timerRuns(1);
      }
      await ada.roundTrip();
      expect(ada.received).toHaveLength(33);
    });
  });
});
