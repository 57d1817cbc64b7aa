import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs';
import { createDemoServer, type DemoServer } from '../../stories/server/demo-server.ts';
import { packEdit } from '../../stories/server/edits.ts';
import { readCommand } from '../../stories/server/read-command.ts';
import { issueToken } from '../../stories/server/tokens.ts';
import type { Command, ServerWord } from '../../stories/server/words.ts';

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

  constructor(query = 'room=a', path = '/demo') {
    const { port } = http.address() as AddressInfo;
    this.socket = new WebSocket(`ws://localhost:${port}${path}?${query}`);
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

  /** The vehicles of the positions that it heard, in order. */
  positions(): string[] {
    const words = this.heard.map((frame) => parse(frame) as ServerWord);
    return words.flatMap((word) => (word.demo === 'position' ? [word.vehicle] : []));
  }

  binary(): Buffer[] {
    return this.heard.filter((frame) => typeof frame !== 'string');
  }

  /** Its close code. Not by `once`, which rejects for the error that comes before an unclean close. */
  closes(): Promise<number> {
    return new Promise((resolve) => this.socket.once('close', resolve));
  }
}

function parse(frame: string | Buffer): unknown {
  return typeof frame === 'string' && frame.startsWith('{') ? JSON.parse(frame) : frame;
}

async function visit(query?: string): Promise<Visitor> {
  const visitor = new Visitor(query);
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
  expect(ada.heard).toHaveLength(5); // with its welcome, and who is there
});

test('answers pings until it is asked not to, and goes on echoing then', async () => {
  const ada = await visit();
  ada.say('ping');
  await ada.hears('pong');
  ada.say({ demo: 'mute' });
  await ada.hears({ demo: 'done', command: 'mute' });
  ada.say('ping');
  ada.say('{"lifeline":"ping","timestamp":1}');
  ada.say('still here');
  await ada.hears('still here');
  expect(ada.heard.filter((frame) => String(frame).includes('pong'))).toHaveLength(1);
});

test('tells who watches who is online in the room, and nobody of another room', async () => {
  const ada = await visit('room=den&name=Ada');
  await visit('room=attic&name=Alan');
  ada.say('{"lifeline":"watch"}');
  await ada.hears({ lifeline: 'presence', id: 'den/Ada', online: ['den/Ada'] } as never);
  const grace = await visit('room=den&name=Grace');
  await ada.hears({ lifeline: 'online', ids: ['den/Grace'] } as never);
  await visit('room=attic&name=Joan');
  grace.socket.terminate();
  await ada.hears({ lifeline: 'offline', ids: ['den/Grace'] } as never);
  expect(ada.heard.join()).not.toContain('attic');
});

test('says it to the room of the sender and to no other', async () => {
  const [ada, grace, stranger] = [await visit(), await visit(), await visit('room=b')];
  ada.say({ demo: 'say', id: '1', text: 'lunch?' });
  await ada.hears({ demo: 'said', from: 'Ada', text: 'lunch?' });
  await grace.hears({ demo: 'said', from: 'Ada', text: 'lunch?' });
  stranger.say('a round trip later');
  await stranger.hears('a round trip later');
  expect(stranger.heard).toHaveLength(3);
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
  grace.say({ demo: 'say', id: '1', text: 'where is Ada?' });
  await grace.hears({ demo: 'said' });
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
  await visit('room=b');
  expect(await refusal).toBe(1006);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await visit();
});

test('leaves no connection of who is refused and goes on writing', async () => {
  const ada = await visit();
  ada.say({ demo: 'refuse', seconds: 5 });
  await ada.hears({ demo: 'done', command: 'refuse' });
  const { port } = http.address() as AddressInfo;
  const stubborn = connect({ port, allowHalfOpen: true });
  stubborn.on('error', () => {});
  stubborn.write(
    'GET /demo?room=a HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  const [answer] = (await once(stubborn, 'data')) as [Buffer];
  expect(String(answer)).toMatch(/^HTTP\/1\.1 503 /);
  const writes = setInterval(() => stubborn.write('more'), 10);
  // Not by `once`, which rejects for the error of the last write.
  await new Promise((resolve) => stubborn.once('close', resolve));
  clearInterval(writes);
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
  ['{"demo":"say","id":"1","text":7}', /say: id and text/],
  ['{"demo":"say","text":"no id"}', /say: id and text/],
  ['{"demo":"slow","min":800,"max":300}', /slow: min and max/],
  ['{"demo":"slow","min":0,"max":1e9}', /slow: min and max/],
  ['{"demo":"follow","vehicles":"all"}', /follow: vehicles/],
  ['{"demo":"unfollow","vehicles":[7]}', /unfollow: vehicles/],
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
  expect(log).toContain('Ada left (1006)');
});

test('leaves the upgrades of other paths to others', async () => {
  http.on('upgrade', (request, socket) => {
    if (request.url?.startsWith('/vite')) socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
  });
  const { socket } = new Visitor('', '/vite');
  const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
  expect(error.message).toContain('418');
});

test('several servers live side by side, and a detached one answers no more', async () => {
  const second = createDemoServer();
  const detach = second.attach(http, '/second');
  const [ada, other] = [await visit(), new Visitor('room=a', '/second')];
  await other.hears({ demo: 'welcome', name: 'Ada', clients: 1 });
  detach();
  const late = new Visitor('room=a', '/second');
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

test('calls a client by the name that it asks for, and tells everybody who is there', async () => {
  const ada = await visit('room=a&name=Ada%20L.');
  const grace = await visit();
  await ada.hears({ demo: 'welcome', name: 'Ada L.' });
  await ada.hears({ demo: 'clients', clients: 2, names: ['Ada L.', 'Ada'] });
  grace.socket.close();
  await ada.hears({ demo: 'clients', clients: 1, names: ['Ada L.'] });
  expect(log).toContain('Ada L. connected');
});

test('says once what a client says again, and keeps it for those who come later', async () => {
  const [ada, grace] = [await visit(), await visit()];
  ada.say({ demo: 'say', id: '1', text: 'lunch?' });
  ada.say({ demo: 'say', id: '1', text: 'lunch?' });
  ada.say({ demo: 'say', id: '2', text: 'or tea?' });
  await grace.hears({ demo: 'said', id: '2', from: 'Ada', text: 'or tea?' });
  const late = await visit();
  late.say({ demo: 'history' });
  await late.hears({
    demo: 'history',
    said: [
      { id: '1', from: 'Ada', text: 'lunch?' },
      { id: '2', from: 'Ada', text: 'or tea?' },
    ],
  });
  expect(grace.heard.filter((frame) => String(frame).includes('"said"'))).toHaveLength(2);
});

test('holds frames back on a slow network, both ways and in order, until it is fast again', async () => {
  const ada = await visit();
  ada.say({ demo: 'slow', min: 50, max: 100 });
  const from = performance.now();
  for (const text of ['one', 'two', 'three']) ada.say(text);
  await ada.hears('three');
  expect(performance.now() - from).toBeGreaterThanOrEqual(99);
  expect(ada.heard.slice(-3)).toEqual(['one', 'two', 'three']);

  ada.say({ demo: 'slow', min: 0, max: 0 });
  ada.say('four');
  await ada.hears('four');
  const again = performance.now();
  ada.say('five');
  await ada.hears('five');
  expect(performance.now() - again).toBeLessThan(50);
});

test('a ping and its answer are each held back on a slow network', async () => {
  const ada = await visit();
  ada.say({ demo: 'slow', min: 50, max: 60 });
  for (const [ping, pong] of [
    ['ping', 'pong'],
    ['{"lifeline":"ping","timestamp":1}', '{"lifeline":"pong","timestamp":1}'],
  ] as const) {
    const from = performance.now();
    ada.say(ping);
    await ada.hears(pong);
    expect(performance.now() - from).toBeGreaterThanOrEqual(98);
  }
});

test('lets the editors of a room catch up by what each of them lacks', async () => {
  const [mine, yours] = [new Doc(), new Doc()];
  const [ada, grace] = [await visit(), await visit()];
  ada.say({ demo: 'edit' });
  mine.getText().insert(0, 'written alone');
  ada.say(packEdit('update', encodeStateAsUpdate(mine)));
  ada.say('a round trip later');
  await ada.hears('a round trip later');

  grace.say({ demo: 'edit' });
  grace.say(packEdit('state', encodeStateVector(yours)));
  await vi.waitFor(() => expect(grace.binary()).toHaveLength(2));
  applyUpdate(yours, grace.binary()[0]?.subarray(1) ?? new Uint8Array());
  expect(yours.getText().toJSON()).toBe('written alone');
  expect(grace.binary().map(([kind]) => kind)).toEqual([1, 0]);

  grace.say(packEdit('update', encodeStateAsUpdate(yours)));
  await vi.waitFor(() => expect(ada.binary()).toHaveLength(1));
  grace.say(new Uint8Array([9]));
  await grace.hears({ demo: 'error', message: expect.stringContaining('edit: ') as string });
});

test('tells where the vehicles are that a client follows, until it does not', async () => {
  const ada = await visit();
  ada.say({ demo: 'follow', vehicles: ['RL 101', 'no such'] });
  await vi.waitFor(() => expect(ada.positions().length).toBeGreaterThan(2), 5_000);
  expect(new Set(ada.positions())).toEqual(new Set(['RL 101']));
  ada.say({ demo: 'unfollow', vehicles: ['RL 101'] });
  ada.say('enough');
  await ada.hears('enough');
  const before = ada.positions().length;
  await new Promise((resolve) => setTimeout(resolve, 220));
  expect(ada.positions()).toHaveLength(before);
});

test('a link ends with its token, and one whose token has ended ends at once', async () => {
  const lasting = new Visitor(`room=a&token=${issueToken(150)}`);
  await lasting.hears({ demo: 'welcome' });
  expect(await new Visitor(`room=a&token=${issueToken(-1)}`).closes()).toBe(4401);
  expect(lasting.socket.readyState).toBe(WebSocket.OPEN);
  expect(await lasting.closes()).toBe(4401);
  expect(await new Visitor('room=a&token=forged').closes()).toBe(4401);
});
