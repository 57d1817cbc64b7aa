import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { createLifelineServer } from '../../src/server.ts';
import { takeReports } from '../support/reports.ts';
import { Visitor } from '../support/server/visitor.ts';
import { byPath, test } from './fixtures.ts';

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

describe('messages', () => {
  test('text and binary come as they were sent, in order', async ({ start }) => {
    const { server, visit } = await start({});
    const messages: unknown[] = [];
    server.on('message', (_client, data) => messages.push(data));
    const ada = await visit();
    const said = ['', 'hello', Buffer.from([0, 127, 255]), '{"a":1}', 'wörld'];
    for (const message of said) ada.say(message);
    await ada.roundTrip();
    expect(messages).toEqual(said);
  });

  test('a client hears what is sent to it, until it is closing', async ({ start }) => {
    const { server, visit } = await start({});
    server.on('connection', (client) => {
      client.send('welcome');
      client.send(Uint8Array.of(7));
      client.close(4001, 'enough');
      client.send('too late');
    });
    const ada = await visit();
    expect(await ada.closed).toEqual([4001, 'enough']);
    expect(ada.heard).toEqual(['welcome', Buffer.from([7])]);
  });

  test('a disconnection tells the code and the reason', async ({ start }) => {
    const { server, visit } = await start({ authenticate: byPath });
    const gone: unknown[] = [];
    server.on('disconnection', ({ id }, code, reason) => gone.push([id, code, reason]));
    const [ada, grace] = [await visit('/ada'), await visit('/grace')];
    ada.socket.close(4001, 'bye');
    await ada.closed;
    grace.socket.terminate();
    await vi.waitFor(() =>
      expect(gone).toEqual([
        ['ada', 4001, 'bye'],
        ['grace', 1006, ''],
      ]),
    );
  });
});

describe('broadcasts', () => {
  test('reach all, or the subscribers of a topic, but not who is excepted', async ({ start }) => {
    const { server, visit } = await start({ authenticate: byPath });
    const visitors = [await visit('/ada'), await visit('/grace'), await visit('/joan')] as const;
    const [ada, grace, joan] = [...server.clients];
    if (!ada || !grace || !joan) throw new Error('They are here.');
    expect(server.subscribe(ada, 'gold')).toBe(true);
    expect(server.subscribe(grace, 'gold')).toBe(true);
    server.broadcast('to all');
    server.broadcast(Uint8Array.of(1, 2), { except: grace });
    server.broadcast('to gold', { topic: 'gold' });
    server.broadcast('to gold but Ada', { topic: 'gold', except: ada });
    server.unsubscribe(grace, 'gold');
    server.broadcast('to Ada', { topic: 'gold' });
    server.broadcast('to nobody', { topic: 'tin' });
    for (const visitor of visitors) await visitor.roundTrip();
    const heard = visitors.map((visitor) => visitor.heard.slice(0, -1));
    const binary = Buffer.from([1, 2]);
    expect(heard).toEqual([
      ['to all', binary, 'to gold', 'to Ada'],
      ['to all', 'to gold', 'to gold but Ada'],
      ['to all', binary],
    ]);
  });

  test('carry what the bytes were at the call', async ({ start }) => {
    const { server, visit } = await start({});
    const ada = await visit();
    const bytes = Uint8Array.of(1);
    server.broadcast(bytes);
    bytes[0] = 2;
    await ada.hears(Buffer.from([1]));
  });

  test('a client that is gone is forgotten, and cannot subscribe any more', async ({ start }) => {
    const { server, visit } = await start({});
    const ada = await visit();
    const [client] = server.clients;
    if (!client) throw new Error('She is here.');
    ada.socket.terminate();
    await vi.waitFor(() => expect(server.clients.size).toBe(0));
    expect(server.subscribe(client, 'gold')).toBe(false);
  });

  test('go to other servers and come from them by the channel', async ({ start }) => {
    const published: unknown[] = [];
    const channel = {
      start: vi.fn<(listener: { deliver(broadcast: object): void }) => void>(),
      publish: (broadcast: unknown) => published.push(broadcast),
      stop: vi.fn<() => Promise<void>>(async () => {}),
    };
    const { server, visit } = await start({ broadcasts: channel, authenticate: byPath });
    const [ada, grace] = [await visit('/ada'), await visit('/grace')];
    const [first] = server.clients;
    if (!first) throw new Error('She is here.');
    server.subscribe(first, 'gold');
    server.broadcast('from here', { except: first });
    expect(published).toEqual([
      { message: 'from here', topic: undefined, except: first.connection },
    ]);
    const [[listener] = []] = channel.start.mock.calls;
    listener?.deliver({ message: 'from there' });
    listener?.deliver({ message: Uint8Array.of(9), topic: 'gold' });
    listener?.deliver({ message: 'not to Ada', except: first.connection });
    await ada.roundTrip();
    await grace.roundTrip();
    expect(ada.heard.slice(0, -1)).toEqual(['from there', Buffer.from([9])]);
    expect(grace.heard.slice(0, -1)).toEqual(['from here', 'from there', 'not to Ada']);
    expect(published).toHaveLength(1);
    await server.close();
    expect(channel.stop).toHaveBeenCalledOnce();
  });
});

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

  test('one that was removed hears nothing', async ({ start }) => {
    const { server, visit } = await start({});
    const heard = vi.fn<() => void>();
    const stop = server.on('connection', heard);
    stop();
    await visit();
    expect(heard).not.toHaveBeenCalled();
  });
});

describe('where it listens', () => {
  test('on a port of its own: other paths get a 404, plain requests a 426', async ({ start }) => {
    const { url, statusOf } = await start({ path: '/live' });
    expect(await statusOf('/live?room=1')).toBe(101);
    expect(await statusOf('/other')).toBe(404);
    expect((await fetch(url.replace('ws', 'http'))).status).toBe(426);
  });

  test("a port that is taken is an 'error' event", async ({ start }) => {
    const { url } = await start({});
    const server = createLifelineServer({ port: Number(new URL(url).port), host: '127.0.0.1' });
    const error = await new Promise((resolve) => server.on('error', resolve));
    expect(error).toMatchObject({ code: 'EADDRINUSE' });
    await server.close();
  });

  test('on a server that others use, too: their paths are left to them', async () => {
    const http = createServer((_request, response) => response.end('page')).listen(0);
    onTestFinished(() => void http.close());
    const url = `ws://localhost:${(http.address() as AddressInfo).port}`;
    const vite = ({ url: path }: IncomingMessage, socket: Duplex) => {
      if (path === '/hmr') socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
    };
    http.on('upgrade', vite);
    const server = createLifelineServer({ server: http, path: '/live', origins: [null] });
    const ada = new Visitor(`${url}/live`);
    const other = new Visitor(`${url}/hmr`);
    expect([await ada.status, await other.status]).toEqual([101, 418]);
    expect(await (await fetch(url.replace('ws', 'http'))).text()).toBe('page');
    http.off('upgrade', vite);
    expect(await new Visitor(`${url}/hmr`).status).toBe(404);
    http.on('upgrade', vite);
    await server.close();
    expect(await ada.closed).toEqual([1012, 'The server restarts.']);
    expect(http.listening).toBe(true);
    expect(http.listenerCount('upgrade')).toBe(1);
  });

  test('nowhere: it takes the upgrades that it is given', async () => {
    const server = createLifelineServer({ origins: [null] });
    const http = createServer().listen(0);
    onTestFinished(() => void http.close());
    http.on('upgrade', (...upgrade) => server.handleUpgrade(...upgrade));
    const ada = new Visitor(`ws://localhost:${(http.address() as AddressInfo).port}/any`);
    expect(await ada.status).toBe(101);
    await server.close();
  });
});

describe('close()', () => {
  test('closes clients with 1012, evenly spread, and refuses newcomers with 503 meanwhile', async ({
    start,
  }) => {
    const { server, url, visit, statusOf } = await start({});
    const visitors = await Promise.all(Array.from({ length: 10 }, () => visit()));
    const from = performance.now();
    const times: number[] = [];
    const codes = visitors.map(async ({ closed }) => {
      const [code] = await closed;
      times.push(performance.now() - from);
      return code;
    });
    const closed = server.close({ drain: 500 });
    expect(await statusOf()).toBe(503);
    expect(await Promise.all(codes)).toEqual(visitors.map(() => 1012));
    await closed;
    // Each in its turn or later, as a timer may be; but not all at the end.
    const early = times.map((time, n) => n * 50 - time);
    expect(Math.max(...early)).toBeLessThan(5);
    expect(Math.min(...times)).toBeLessThan(250);
    await expect(fetch(url.replace('ws', 'http'))).rejects.toThrow('fetch failed');
  });

  test('waits no longer than until its clients have left', async ({ start }) => {
    const { server, visit } = await start({});
    const visitors = await Promise.all(Array.from({ length: 4 }, () => visit()));
    const from = performance.now();
    const closed = server.close({ drain: 4_000 });
    for (const { socket } of visitors) socket.close();
    await closed;
    expect(performance.now() - from).toBeLessThan(900);
  });

  test('a second one with a shorter drain hurries the first, a longer one changes nothing', async ({
    start,
  }) => {
    const { server, visit } = await start({});
    const visitors = await Promise.all(Array.from({ length: 4 }, () => visit()));
    const from = performance.now();
    const closed = [60_000, 200, 120_000].map((drain) => server.close({ drain }));
    for (const visitor of visitors) expect((await visitor.closed)[0]).toBe(1012);
    await Promise.all(closed);
    expect(performance.now() - from).toBeGreaterThan(120);
  });

  test('can be called twice, and with nobody there', async ({ start }) => {
    const { server } = await start({});
    await Promise.all([server.close(), server.close({ drain: 10 })]);
    await expect(server.close({ drain: -1 })).rejects.toThrow(/^drain must be .*, not -1/);
    await expect(server.close({ drain: 2 ** 31 })).rejects.toThrow(TypeError);
  });
});
