import { once } from 'node:events';
import { describe, expect, vi } from 'vitest';
import { byPath, test } from '../fixtures.ts';

describe('heartbeat', () => {
  test('answers ping with pong, and a probe with its timestamp; neither is a message', async ({
    start,
  }) => {
    const { server, visit } = await start({});
    const messages: unknown[] = [];
    server.on('message', (_client, data) => messages.push(data));
    const ada = await visit();
    ada.say('ping');
    ada.say({ lifeline: 'ping', timestamp: -12.5 });
    ada.say('pings are not this');
    await ada.hears('pong');
    await ada.hears({ lifeline: 'pong', timestamp: -12.5 });
    await vi.waitFor(() => expect(messages).toEqual(['pings are not this']));
  });

  test('the id in a probe is the name of the client, and nobody comes online by it', async ({
    start,
  }) => {
    const { server, visit } = await start({ authenticate: byPath });
    const ada = await visit('/ada');
    ada.say({ lifeline: 'ping', id: 'grace', timestamp: 1 });
    await ada.hears({ lifeline: 'pong', timestamp: 1 });
    const [client] = server.clients;
    expect(client).toMatchObject({ id: 'ada', name: 'grace' });
    expect(server.presence.list()).toEqual(['ada']);
  });

  describe('by the clock', () => {
    // Only the timer of the sweep: the sockets live in real time.
    const sweeps = (seconds: number) => vi.advanceTimersByTime(seconds * 1_000);

    test.beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
    test.afterEach(() => void vi.useRealTimers());

    test('terminates who has said nothing for 60 s and answered no ping, and no one else', async ({
      start,
    }) => {
      const { server, visit } = await start({ authenticate: byPath });
      const mute = await visit('/mute', { autoPong: false });
      const quiet = await visit('/quiet');
      const pinged = vi.fn<() => void>();
      quiet.socket.on('ping', pinged);
      for (const _ of [1, 2]) {
        sweeps(25);
        await once(quiet.socket, 'ping');
        await quiet.roundTrip();
      }
      sweeps(10);
      expect(server.clients.size).toBe(2);
      sweeps(1);
      expect(await mute.closed).toEqual([1006, '']);
      await quiet.roundTrip();
      expect([...server.clients].map(({ id }) => id)).toEqual(['quiet']);
      expect(pinged).toHaveBeenCalledTimes(2);
    });

    test('terminates who does not answer the closing handshake', async ({ start }) => {
      const { server, visit } = await start({});
      const ada = await visit();
      ada.socket.pause();
      const closed = server.close();
      sweeps(3);
      expect(server.clients.size).toBe(1);
      sweeps(1);
      await closed;
      expect(server.clients.size).toBe(0);
    });

    test('terminates who leaves over 1 MiB unread for 5 s', async ({ start }) => {
      const { server, visit } = await start({ authenticate: byPath });
      const [slow, fast] = [await visit('/slow'), await visit('/fast')];
      slow.socket.pause();
      // What the system buffers is on top.
      for (let n = 0; n < 16; n++) server.broadcast(new Uint8Array(1_048_576));
      await vi.waitFor(() => expect(fast.heard.length).toBe(16), 5_000);
      sweeps(5);
      expect(server.clients.size).toBe(2);
      sweeps(1);
      slow.socket.resume();
      expect((await slow.closed)[0]).toBe(1006);
      await fast.roundTrip();
    });

    test('keeps who reads again in time, and counts anew', async ({ start }) => {
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
        sweeps(5);
        ada.socket.resume();
        await vi.waitFor(() => expect(client?.socket.bufferedAmount).toBe(0), 5_000);
        sweeps(1);
      }
      await ada.roundTrip();
      expect(ada.heard).toHaveLength(33);
    });
  });
});
