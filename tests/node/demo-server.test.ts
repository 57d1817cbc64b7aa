import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createDemoServer, type DemoServer } from '../../stories/server/demo-server.ts';
import { type Command, readCommand, type ServerWord } from '../../stories/server/words.ts';

let http: Server;
let demo: DemoServer;
let log: string[];

beforeEach(async () => {
  log = [];
  demo = createDemoServer((line) => log.push(line));
  http = createServer();
  demo.attach(http, '/demo');
  http.listen(0);
  await once(http, 'listening');
});

afterEach(() => {
  demo.close();
  http.closeAllConnections();
  http.close();
});

/** A client that remembers what it hears, so that no frame is missed between two waits. */
class Visitor {
  readonly socket: WebSocket;
  readonly heard: (string | Buffer)[] = [];

  constructor(room = 'a', path = '/demo') {
    const { port } = http.address() as AddressInfo;
    this.socket = new WebSocket(`ws://localhost:${port}${path}?room=${room}`);
    this.socket.on('message', (data: Buffer, binary) =>
      this.heard.push(binary ? data : String(data)),
    );
    this.socket.on('error', () => {}); // 'close' follows
  }

  say(message: string | Uint8Array | Command): void {
    const isFrame = typeof message === 'string' || message instanceof Uint8Array;
    this.socket.send(isFrame ? message : JSON.stringify(message));
  }

  /** Waits until it has heard this, whatever else it heard. */
  async hears(expected: string | Buffer | Partial<ServerWord>): Promise<void> {
    const isFrame = typeof expected === 'string' || expected instanceof Uint8Array;
    await vi.waitFor(
      () => {
        const heard = this.heard.map((frame) => (isFrame ? frame : parse(frame)));
        // oxlint-disable-next-line vitest/no-standalone-expect -- only tests call this
        expect(heard).toContainEqual(isFrame ? expected : expect.objectContaining(expected));
      },
      { interval: 5, timeout: 5_000 },
    );
  }

  /** The topics of the prices that it heard, in order. */
  prices(): string[] {
    const words = this.heard.map((frame) => parse(frame) as ServerWord);
    return words.flatMap((word) => (word.demo === 'price' ? [word.topic] : []));
  }

  /** Its close code. Not by `once`, which rejects for the error that comes before an unclean close. */
  closes(): Promise<number> {
    return new Promise((resolve) => this.socket.once('close', resolve));
  }
}

function parse(frame: string | Buffer): unknown {
  return typeof frame === 'string' && frame.startsWith('{') ? JSON.parse(frame) : frame;
}

async function visit(room?: string): Promise<Visitor> {
  const visitor = new Visitor(room);
  await visitor.hears({ demo: 'welcome' });
  return visitor;
}

test('greets each client of a room by a name of its own and tells the others of it', async () => {
  const ada = await visit();
  const grace = await visit();
  await ada.hears({ demo: 'welcome', name: 'Ada', clients: 1 });
  await grace.hears({ demo: 'welcome', name: 'Grace', clients: 2 });
  await ada.hears({ demo: 'clients', clients: 2 });
  grace.socket.close();
  await ada.hears({ demo: 'clients', clients: 1 });
  expect(log).toEqual(expect.arrayContaining(['Ada connected', 'Grace connected']));
});

test('echoes text, other JSON and binary as they came', async () => {
  const ada = await visit();
  ada.say('good morning');
  ada.say('{"order":7}');
  ada.say(new Uint8Array([0, 127, 255]));
  await ada.hears('good morning');
  await ada.hears({ order: 7 } as never);
  await ada.hears(Buffer.from([0, 127, 255]));
  expect(ada.heard).toHaveLength(4);
});

test('answers pings until it is asked not to, and goes on echoing then', async () => {
  const ada = await visit();
  ada.say('ping');
  await ada.hears('pong');
  ada.say({ demo: 'mute' });
  await ada.hears({ demo: 'done', command: 'mute' });
  ada.say('ping');
  ada.say('still here');
  await ada.hears('still here');
  expect(ada.heard.filter((frame) => frame === 'pong')).toHaveLength(1);
});

test('broadcasts to the room of the sender and to no other', async () => {
  const [ada, grace, stranger] = [await visit(), await visit(), await visit('b')];
  ada.say({ demo: 'broadcast', text: 'lunch?' });
  await ada.hears({ demo: 'broadcast', from: 'Ada', text: 'lunch?' });
  await grace.hears({ demo: 'broadcast', from: 'Ada', text: 'lunch?' });
  stranger.say({ demo: 'count' });
  await stranger.hears({ demo: 'clients', clients: 1 });
  expect(stranger.heard).toHaveLength(2);
});

test('drops the sender without a close frame and leaves the others alone', async () => {
  const [ada, grace] = [await visit(), await visit()];
  ada.say({ demo: 'drop' });
  expect(await ada.closes()).toBe(1006);
  await grace.hears({ demo: 'clients', clients: 1 });
  grace.say('here');
  await grace.hears('here');
});

test('closes with the code and the reason asked for', async () => {
  const ada = await visit();
  ada.say({ demo: 'close', code: 4401, reason: 'token expired' });
  const [code, reason] = (await once(ada.socket, 'close')) as [number, Buffer];
  expect([code, String(reason)]).toEqual([4401, 'token expired']);
});

test('a cut cable carries nothing in either direction, not even the end of the connection', async () => {
  const [ada, grace] = [await visit(), await visit()];
  ada.say({ demo: 'cut' });
  await grace.hears({ demo: 'clients', clients: 1 });
  const before = ada.heard.length;
  ada.say('ping');
  ada.say('anybody?');
  grace.say({ demo: 'broadcast', text: 'where is Ada?' });
  await grace.hears({ demo: 'broadcast' });
  ada.socket.close();
  grace.say('a round trip later');
  await grace.hears('a round trip later');
  expect(ada.heard).toHaveLength(before);
  expect(ada.socket.readyState).toBe(WebSocket.CLOSING);
  demo.close();
  expect(await ada.closes()).toBe(1006);
});

test('refuses newcomers of the room for the time asked for, also after the room emptied', async () => {
  const ada = await visit();
  ada.say({ demo: 'refuse', seconds: 0.2 });
  await ada.hears({ demo: 'done', command: 'refuse' });
  ada.say({ demo: 'drop' });
  await ada.closes();
  const refusal = new Visitor().closes();
  await visit('b');
  expect(await refusal).toBe(1006);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await visit();
});

test.each([
  ['{"demo":', /not valid JSON/],
  ['{"demo":"explode"}', /no command "explode".*drop, mute/],
  ['{"demo":"toString"}', /no command "toString"/],
  ['{"demo":{"drop":true}}', /no command/],
  ['{"demo":"close"}', /close: code/],
  ['{"demo":"close","code":1006}', /close: code/],
  ['{"demo":"close","code":"1000"}', /close: code/],
  [`{"demo":"close","code":4000,"reason":"${'ü'.repeat(62)}"}`, /close: reason/],
  ['{"demo":"refuse","seconds":-1}', /refuse: seconds/],
  ['{"demo":"refuse","seconds":1e9}', /refuse: seconds/],
  ['{"demo":"broadcast","text":7}', /broadcast: text/],
  ['{"demo":"subscribe"}', /subscribe: topics/],
  ['{"demo":"subscribe","topics":"gold"}', /subscribe: topics/],
  ['{"demo":"unsubscribe","topics":[7]}', /unsubscribe: topics/],
  [`{"demo":"subscribe","topics":[${'"a",'.repeat(1_000)}"a"]}`, /subscribe: topics.*1000/],
  ['{"demo":"stream","perSecond":"fast"}', /stream: perSecond/],
  ['{"demo":"stream","perSecond":-1}', /stream: perSecond/],
  ['{"demo":"stream","perSecond":1e9}', /stream: perSecond/],
])('survives %s and says what was wrong', async (malformed, complaint) => {
  const ada = await visit();
  ada.say(malformed);
  await ada.hears({ demo: 'error', message: expect.stringMatching(complaint) as string });
  ada.say('still here');
  await ada.hears('still here');
});

test('text that merely mentions a command is no command', () => {
  expect(readCommand('say {"demo":"drop"}')).toBeNull();
  expect(readCommand('[{"demo":"drop"}]')).toBeNull();
});

test('survives a client that breaks the protocol, and a strange request line', async () => {
  const [ada, grace] = [await visit(), await visit()];
  // An unmasked frame with a reserved opcode: only a raw socket can send it.
  const { _socket: raw } = ada.socket as unknown as { _socket: { write(bytes: Buffer): void } };
  raw.write(Buffer.from([0x83, 0x00]));
  expect(await ada.closes()).toBe(1002);
  http.emit('upgrade', { url: '//[?' }, { end() {} }, Buffer.alloc(0));
  grace.say('here');
  await grace.hears('here');
  expect(log.some((line) => line.startsWith('Ada: '))).toBe(true);
});

test('leaves the upgrades of other paths to others', async () => {
  http.on('upgrade', (request, socket) => {
    if (request.url?.startsWith('/vite')) socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
  });
  const { socket } = new Visitor('a', '/vite');
  const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
  expect(error.message).toContain('418');
});

test('several servers live side by side, and a detached one answers no more', async () => {
  const second = createDemoServer();
  const detach = second.attach(http, '/second');
  const [ada, other] = [await visit(), new Visitor('a', '/second')];
  await other.hears({ demo: 'welcome', name: 'Ada', clients: 1 });
  detach();
  const late = new Visitor('a', '/second');
  ada.say('here');
  await ada.hears('here');
  expect(late.socket.readyState).toBe(WebSocket.CONNECTING);
  second.close();
});

test('tells the prices of what a client subscribes to, and what it counts', async () => {
  const ada = await visit();
  ada.say({ demo: 'subscribe', topics: ['__proto__', 'gold', 'gold'] });
  await ada.hears({ demo: 'market', topics: 2, calls: 1 });
  expect(ada.prices()).toEqual(['__proto__', 'gold']);
  ada.say({ demo: 'subscribe', topics: ['gold', 'tin'] });
  await ada.hears({ demo: 'market', topics: 3, calls: 2 });
  expect(ada.prices()).toEqual(['__proto__', 'gold', 'tin']);
});

test('streams prices of what is subscribed to and of nothing else, to the pause', async () => {
  const [ada, grace] = [await visit(), await visit()];
  ada.say({ demo: 'stream', perSecond: 1_000 });
  ada.say({ demo: 'subscribe', topics: ['gold', 'tin'] });
  await vi.waitFor(() => expect(ada.prices().length).toBeGreaterThan(100), 5_000);
  ada.say({ demo: 'unsubscribe', topics: ['gold', 'tin'] });
  ada.say({ demo: 'subscribe', topics: ['iron'] });
  await ada.hears({ demo: 'market', topics: 1, calls: 2 });
  const before = ada.prices().length;
  await vi.waitFor(() => expect(ada.prices().length).toBeGreaterThan(before + 100), 5_000);
  expect(new Set(ada.prices().slice(before))).toEqual(new Set(['iron']));

  ada.say({ demo: 'stream', perSecond: 0 });
  ada.say('paused');
  await ada.hears('paused');
  const paused = ada.prices().length;
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(ada.prices()).toHaveLength(paused);
  expect(grace.prices()).toEqual([]);
});

test('a client cannot have topics without end', async () => {
  const ada = await visit();
  const topics = Array.from({ length: 1_000 }, (_, n) => String(n));
  ada.say({ demo: 'subscribe', topics });
  await ada.hears({ demo: 'market', topics: 1_000, calls: 1 });
  ada.say({ demo: 'subscribe', topics: ['one more'] });
  await ada.hears({ demo: 'error', message: 'subscribe: at most 1000 topics.' });
  ada.say({ demo: 'unsubscribe', topics });
  await ada.hears({ demo: 'market', topics: 0, calls: 1 });
  expect(ada.prices()).toHaveLength(1_000);
});
