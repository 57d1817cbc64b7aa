import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs';
import { createDemoServer, type DemoServer } from '../../stories/server/demo-server.ts';
import { packEdit } from '../../stories/server/edits.ts';
import { readCommand } from '../../stories/server/read-command.ts';
import { issueToken } from '../../stories/server/tokens.ts';
import { type Command, MAX_TOPICS, type ServerWord } from '../../stories/server/words.ts';

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

/** Lets pass only the time that a test says, and a few milliseconds with each look of a wait. */
const stopClock = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });

afterEach(() => {
  vi.useRealTimers();
  demo.close();
  http.closeAllConnections();
  http.close();
});

/** A client that keeps all received frames, so that no frame is missed between two waits. */
class Visitor {
  readonly socket: WebSocket;
  readonly received: (string | Buffer)[] = [];

  constructor(query = 'room=a', path = '/demo') {
    const { port } = http.address() as AddressInfo;
    this.socket = new WebSocket(`ws://localhost:${port}${path}?${query}`);
    this.socket.on('message', (data: Buffer, binary) =>
      this.received.push(binary ? data : String(data)),
    );
    this.socket.on('error', () => {}); // 'close' follows
  }

  send(message: string | Uint8Array | Command): void {
    const isFrame = typeof message === 'string' || message instanceof Uint8Array;
    this.socket.send(isFrame ? message : JSON.stringify(message));
  }

  /** Waits until it has received this, besides other frames. */
  async receives(expected: string | Buffer | Partial<ServerWord>): Promise<void> {
    const isFrame = typeof expected === 'string' || expected instanceof Uint8Array;
    await vi.waitFor(
      () => {
        const received = this.received.map((frame) => (isFrame ? frame : parse(frame)));
        // oxlint-disable-next-line vitest/no-standalone-expect -- only tests call this
        expect(received).toContainEqual(isFrame ? expected : expect.objectContaining(expected));
      },
      { interval: 5 },
    );
  }

  /** The lifeline frames of a kind that it has received; of a topic, if one is given. */
  words(lifeline: string, topic?: string): Record<string, unknown>[] {
    const words = this.received.map((frame) => String(frame).split('\n')[0] ?? '').filter(isJson);
    return words
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((word) => word.lifeline === lifeline && word.topic === topic);
  }

  /** The topics of the received prices, in order. */
  prices(): string[] {
    const words = this.received.map((frame) => parse(frame) as ServerWord);
    return words.flatMap((word) => (word.demo === 'price' ? [word.topic] : []));
  }

  /** The vehicles of the received positions, in order. */
  positions(): string[] {
    const words = this.received.map((frame) => parse(frame) as ServerWord);
    return words.flatMap((word) => (word.demo === 'position' ? [word.vehicle] : []));
  }

  binary(): Buffer[] {
    return this.received.filter((frame) => typeof frame !== 'string');
  }

  /** The close code. `once()` would reject on the error before an unclean close. */
  closes(): Promise<number> {
    return new Promise((resolve) => this.socket.once('close', resolve));
  }
}

const isJson = (text: string) => text.startsWith('{') && !text.includes('\n');

function parse(frame: string | Buffer): unknown {
  return typeof frame === 'string' && isJson(frame) ? JSON.parse(frame) : frame;
}

async function visit(query?: string): Promise<Visitor> {
  const visitor = new Visitor(query);
  await visitor.receives({ demo: 'welcome' });
  return visitor;
}

test('the demo server welcomes each client of a room with its own name, and tells the others', async () => {
  const ada = await visit();
  const grace = await visit();
  await ada.receives({ demo: 'welcome', name: 'Ada', clients: 1 });
  await grace.receives({ demo: 'welcome', name: 'Grace', clients: 2 });
  await ada.receives({ demo: 'clients', clients: 2 });
  grace.socket.close();
  await ada.receives({ demo: 'clients', clients: 1 });
  expect(log).toEqual(expect.arrayContaining(['Ada connected', 'Grace connected']));
});

test('the demo server echoes text, other JSON and binary unchanged', async () => {
  const ada = await visit();
  ada.send('good morning');
  ada.send('{"order":7}');
  ada.send(new Uint8Array([0, 127, 255]));
  await ada.receives('good morning');
  await ada.receives({ order: 7 } as never);
  await ada.receives(Buffer.from([0, 127, 255]));
  expect(ada.received).toHaveLength(5); // with its welcome, and who is there
});

test('the demo server answers pings until the command mute, and goes on echoing', async () => {
  const ada = await visit();
  ada.send('ping');
  await ada.receives('pong');
  ada.send({ demo: 'mute' });
  await ada.receives({ demo: 'done', command: 'mute' });
  ada.send('ping');
  ada.send('{"lifeline":"ping","timestamp":1}');
  ada.send('still here');
  await ada.receives('still here');
  expect(ada.received.filter((frame) => String(frame).includes('pong'))).toHaveLength(1);
});

test('the demo server tells a watcher who is online in its own room only', async () => {
  const ada = await visit('room=den&name=Ada');
  await visit('room=attic&name=Alan');
  ada.send('{"lifeline":"watch"}');
  await ada.receives({ lifeline: 'presence', id: 'den/Ada', online: ['den/Ada'] } as never);
  ada.send('{"lifeline":"watch","topic":"room den"}');
  await ada.receives({
    lifeline: 'presence',
    topic: 'room den',
    data: { 'den/Ada': { name: 'Ada' } },
  } as never);
  const grace = await visit('room=den&name=Grace');
  await ada.receives({ lifeline: 'online', ids: ['den/Grace'] } as never);
  await visit('room=attic&name=Joan');
  grace.socket.terminate();
  await ada.receives({ lifeline: 'offline', ids: ['den/Grace'] } as never);
  expect(ada.received.join()).not.toContain('attic');
});

test('the command enter subscribes its sender to the topic of a place, until the command leave', async () => {
  const ada = await visit('room=den&name=Ada');
  const grace = await visit('room=den&name=Grace');
  const topic = 'room den, desk';
  ada.send({ demo: 'enter', place: 'desk' });
  ada.send(JSON.stringify({ lifeline: 'watch', topic }));
  await ada.receives({ lifeline: 'presence', topic, online: ['den/Ada'] } as never);
  grace.send({ demo: 'enter', place: 'desk' });
  await ada.receives({ lifeline: 'online', topic, ids: ['den/Grace'] } as never);
  grace.send({ demo: 'leave', place: 'desk' });
  await ada.receives({ lifeline: 'offline', topic, ids: ['den/Grace'] } as never);
  expect(ada.words('presence', topic)).toHaveLength(1);
});

test('the command say reaches all others in the room of the sender, and nobody else', async () => {
  const [ada, grace, stranger] = [await visit(), await visit(), await visit('room=b')];
  ada.send({ demo: 'say', text: 'lunch?' });
  await grace.receives({ demo: 'said', from: 'Ada', text: 'lunch?' });
  expect(ada.received.join()).not.toContain('lunch?');
  stranger.send('a round trip later');
  await stranger.receives('a round trip later');
  expect(stranger.received).toHaveLength(3);
});

test('the command drop cuts the sender off without a close frame, and no other client', async () => {
  const [ada, grace] = [await visit(), await visit()];
  ada.send({ demo: 'drop' });
  expect(await ada.closes()).toBe(1006);
  await grace.receives({ demo: 'clients', clients: 1 });
  grace.send('here');
  await grace.receives('here');
});

test('the command cut stops all frames in both directions, even close frames', async () => {
  const [ada, grace] = [await visit(), await visit()];
  ada.send({ demo: 'cut' });
  await grace.receives({ demo: 'clients', clients: 1 });
  const before = ada.received.length;
  ada.send('ping');
  ada.send('anybody?');
  grace.send({ demo: 'say', text: 'where is Ada?' });
  ada.socket.close();
  grace.send('a round trip later');
  await grace.receives('a round trip later');
  expect(ada.received).toHaveLength(before);
  expect(ada.socket.readyState).toBe(WebSocket.CLOSING);
  demo.close();
  expect(await ada.closes()).toBe(1006);
});

test('a cable stays cut when the server gives its client up after a long silence', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const patient = createDemoServer();
  onTestFinished(() => patient.close());
  patient.attach(http, '/patient');
  // Whoever comes first is told that there is one client.
  const ada = new Visitor('room=a', '/patient');
  await ada.receives({ demo: 'welcome' });
  const grace = new Visitor('room=a', '/patient');
  await grace.receives({ demo: 'clients', clients: 2 });
  ada.send({ demo: 'cut' });
  await grace.receives({ demo: 'clients', clients: 1 });
  const closed = grace.closes();
  vi.advanceTimersByTime(90_000);
  expect(await closed).toBe(1006);
  expect(ada.socket.readyState).toBe(WebSocket.OPEN);
});

test('the command cut-others silences all others in the room, and their links end when its sender leaves', async () => {
  const [ada, grace] = [await visit(), await visit()];
  ada.send({ demo: 'cut-others' });
  await ada.receives({ demo: 'done', command: 'cut-others' });
  await ada.receives({ demo: 'clients', clients: 1 });
  const before = grace.received.length;
  grace.send('ping');
  ada.send('a round trip later');
  await ada.receives('a round trip later');
  expect(grace.received).toHaveLength(before);
  ada.socket.close();
  expect(await grace.closes()).toBe(1006);
});

test('a client with a feed gets so many prices a second as plain text, each one new, and no words of the demo', async () => {
  const reader = new Visitor('room=a&feed=200');
  await vi.waitFor(() => expect(reader.received.length).toBeGreaterThan(50));
  expect(reader.received.filter((frame) => !/^\d+\.\d\d$/.test(String(frame)))).toEqual([]);
  expect(reader.received.filter((frame, n) => frame === reader.received[n - 1])).toEqual([]);
});

test('the command refuse refuses new clients of the room for the given time, even after all have left', async () => {
  stopClock();
  const ada = await visit();
  ada.send({ demo: 'refuse', seconds: 60 });
  await ada.receives({ demo: 'done', command: 'refuse' });
  ada.send({ demo: 'drop' });
  await ada.closes();
  const refusal = new Visitor().closes();
  await visit('room=b');
  expect(await refusal).toBe(1006);
  vi.advanceTimersByTime(60_000);
  await visit();
});

test('the demo server closes the connection of a refused client that goes on writing', async () => {
  const ada = await visit();
  ada.send({ demo: 'refuse', seconds: 5 });
  await ada.receives({ demo: 'done', command: 'refuse' });
  const { port } = http.address() as AddressInfo;
  const stubborn = connect({ port, allowHalfOpen: true });
  stubborn.on('error', () => {});
  stubborn.write(
    'GET /demo?room=a HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  const [answer] = (await once(stubborn, 'data')) as [Buffer];
  expect(String(answer)).toMatch(/^HTTP\/1\.1 503 /);
  const writes = setInterval(() => stubborn.write('more'), 10);
  // `once()` would reject on the error of the last write.
  await new Promise((resolve) => stubborn.once('close', resolve));
  clearInterval(writes);
});

test.each([
  ['{"demo":', /not valid JSON/],
  ['{"demo":"explode"}', /no command "explode".*drop, mute/],
  ['{"demo":"toString"}', /no command "toString"/],
  ['{"demo":{"drop":true}}', /no command/],
  ['{"demo":"refuse","seconds":-1}', /refuse: seconds/],
  ['{"demo":"refuse","seconds":1e9}', /refuse: seconds/],
  ['{"demo":"say","text":7}', /say: text/],
  ['{"demo":"number","number":"one"}', /number: number/],
  ['{"demo":"kill","seconds":-1}', /kill: seconds/],
  ['{"demo":"follow","vehicles":"all"}', /follow: vehicles/],
  ['{"demo":"unfollow","vehicles":[7]}', /unfollow: vehicles/],
  ['{"demo":"subscribe"}', /subscribe: topics/],
  ['{"demo":"subscribe","topics":"gold"}', /subscribe: topics/],
  ['{"demo":"unsubscribe","topics":[7]}', /unsubscribe: topics/],
  [`{"demo":"subscribe","topics":[${'"a",'.repeat(1_000)}"a"]}`, /subscribe: topics.*1000/],
  ['{"demo":"stream","perSecond":"fast"}', /stream: perSecond/],
  ['{"demo":"stream","perSecond":-1}', /stream: perSecond/],
  ['{"demo":"stream","perSecond":1e9}', /stream: perSecond/],
])(
  'the demo server answers %s with an error that says what was wrong',
  async (malformed, message) => {
    const ada = await visit();
    ada.send(malformed);
    await ada.receives({ demo: 'error', message: expect.stringMatching(message) as string });
    ada.send('still here');
    await ada.receives('still here');
  },
);

test('text that contains a command is not one', () => {
  expect(readCommand('say {"demo":"drop"}')).toBeNull();
  expect(readCommand('[{"demo":"drop"}]')).toBeNull();
});

test('the demo server goes on after a client breaks the protocol and after an invalid request line', async () => {
  const [ada, grace] = [await visit(), await visit()];
  // An unmasked frame with a reserved opcode, which only a raw socket can send.
  const { _socket: raw } = ada.socket as unknown as { _socket: { write(bytes: Buffer): void } };
  raw.write(Buffer.from([0x83, 0x00]));
  expect(await ada.closes()).toBe(1002);
  http.emit('upgrade', { url: '//[?' }, { end() {} }, Buffer.alloc(0));
  grace.send('here');
  await grace.receives('here');
  expect(log).toContain('Ada left (1006)');
});

test('the demo server leaves the upgrades of other paths to other listeners', async () => {
  http.on('upgrade', (request, socket) => {
    if (request.url?.startsWith('/vite')) socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
  });
  const { socket } = new Visitor('', '/vite');
  const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
  expect(error.message).toContain('418');
});

test('several demo servers can share an http server, and a detached one takes no more clients', async () => {
  const second = createDemoServer();
  const detach = second.attach(http, '/second');
  const [ada, other] = [await visit(), new Visitor('room=a', '/second')];
  await other.receives({ demo: 'welcome', name: 'Ada', clients: 1 });
  detach();
  const late = new Visitor('room=a', '/second');
  ada.send('here');
  await ada.receives('here');
  expect(late.socket.readyState).toBe(WebSocket.CONNECTING);
  second.close();
});

test('a client gets the prices of its topics, and the number of topics and subscriptions', async () => {
  const ada = await visit();
  ada.send({ demo: 'subscribe', topics: ['__proto__', 'gold', 'gold'] });
  await ada.receives({ demo: 'market', topics: 2, calls: 1 });
  expect(ada.prices()).toEqual(['__proto__', 'gold']);
  ada.send({ demo: 'subscribe', topics: ['gold', 'tin'] });
  await ada.receives({ demo: 'market', topics: 3, calls: 2 });
  expect(ada.prices()).toEqual(['__proto__', 'gold', 'tin']);
});

test('the command stream sends prices of subscribed topics only, until it is paused', async () => {
  const [ada, grace] = [await visit(), await visit()];
  ada.send({ demo: 'stream', perSecond: 1_000 });
  ada.send({ demo: 'subscribe', topics: ['gold', 'tin'] });
  await vi.waitFor(() => expect(ada.prices().length).toBeGreaterThan(100));
  ada.send({ demo: 'unsubscribe', topics: ['gold', 'tin'] });
  ada.send({ demo: 'subscribe', topics: ['iron'] });
  await ada.receives({ demo: 'market', topics: 1, calls: 2 });
  const before = ada.prices().length;
  await vi.waitFor(() => expect(ada.prices().length).toBeGreaterThan(before + 100));
  expect(new Set(ada.prices().slice(before))).toEqual(new Set(['iron']));

  ada.send({ demo: 'stream', perSecond: 0 });
  ada.send('paused');
  await ada.receives('paused');
  const paused = ada.prices().length;
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(ada.prices()).toHaveLength(paused);
  expect(grace.prices()).toEqual([]);
});

test('a client can have at most 1,000 topics', async () => {
  const ada = await visit();
  const topics = Array.from({ length: 1_000 }, (_, n) => String(n));
  ada.send({ demo: 'subscribe', topics });
  await ada.receives({ demo: 'market', topics: 1_000, calls: 1 });
  ada.send({ demo: 'subscribe', topics: ['one more'] });
  await ada.receives({ demo: 'error', message: 'subscribe: at most 1000 topics.' });
  ada.send({ demo: 'unsubscribe', topics });
  await ada.receives({ demo: 'market', topics: 0, calls: 1 });
  expect(ada.prices()).toHaveLength(1_000);
});

test('a client gets the name that it asks for, and all clients get the list of names', async () => {
  const ada = await visit('room=a&name=Ada%20L.');
  const grace = await visit();
  await ada.receives({ demo: 'welcome', name: 'Ada L.' });
  await ada.receives({ demo: 'clients', clients: 2, names: ['Ada L.', 'Ada'] });
  grace.socket.close();
  await ada.receives({ demo: 'clients', clients: 1, names: ['Ada L.'] });
  expect(log).toContain('Ada L. connected');
});

/** A client with a session, over the plain frames of the protocol. */
class Confirmed extends Visitor {
  /** @param before - The same client on an earlier link, which has heard the epoch and the position in the topic of the room. */
  async begins(outbox: string, before?: Confirmed): Promise<void> {
    const [position] = before?.words('position', 'room a') ?? [];
    const topics = [['room a', position?.epoch, position?.number]];
    if (position) this.send(JSON.stringify({ lifeline: 'positions', topics }));
    const epoch = before?.words('session')[0]?.epoch;
    this.send(JSON.stringify({ lifeline: 'session', outbox: outbox.repeat(32), epoch, next: 1 }));
    await this.receives({ lifeline: 'session', id: 'a/Ada' } as never);
  }
}

async function visitConfirmed(): Promise<Confirmed> {
  const visitor = new Confirmed('room=a&name=Ada');
  await visitor.receives({ demo: 'welcome' });
  return visitor;
}

test('a client with a session is told what was taken, and hears what was said while it was cut off', async () => {
  const ada = await visitConfirmed();
  const grace = await visit('room=a&name=Grace');
  await ada.begins('a');
  ada.send({ demo: 'say', text: 'lunch?' });
  await grace.receives({ demo: 'said', from: 'Ada', text: 'lunch?' });
  await ada.receives({ lifeline: 'taken', number: 1 } as never);
  ada.send('{"lifeline":"uncounted"}\n{"demo":"cut","seconds":0.1}');
  expect(await ada.closes()).toBe(1006);

  grace.send({ demo: 'say', text: 'where is Ada?' });
  grace.send('a round trip later');
  await grace.receives('a round trip later');
  const back = await visitConfirmed();
  await back.begins('a', ada);
  await back.receives(
    '{"lifeline":"topic","topic":"room a","number":2}\n{"demo":"said","from":"Grace","text":"where is Ada?"}',
  );
  expect(back.words('session')).toMatchObject([{ taken: 1, known: true }]);
});

test('what follows a cut on its line was not taken, and comes again', async () => {
  const ada = await visitConfirmed();
  const grace = await visit('room=a&name=Grace');
  await ada.begins('b');
  ada.send('{"lifeline":"uncounted"}\n{"demo":"cut"}');
  ada.send({ demo: 'say', text: 'lunch?' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  ada.socket.terminate();
  const back = await visitConfirmed();
  await back.begins('b', ada);
  expect(back.words('session')).toMatchObject([{ taken: 0, known: true }]);
  expect(grace.received.join()).not.toContain('lunch');
});

test('the command kill ends all connections of the room, and lets nobody in for some seconds', async () => {
  stopClock();
  const [ada, grace, stranger] = [await visit(), await visit(), await visit('room=b')];
  ada.send({ demo: 'kill', seconds: 60 });
  expect(await Promise.all([ada.closes(), grace.closes()])).toEqual([1006, 1006]);
  expect(await new Visitor().closes()).toBe(1006);
  vi.advanceTimersByTime(60_000);
  await visit();
  expect(stranger.socket.readyState).toBe(WebSocket.OPEN);
});

test('in a talk the server says its numbers, and tells which numbers of each client never came', async () => {
  const ada = await visit();
  ada.send({ demo: 'talk' });
  for (const number of [1, 2, 5, 5]) ada.send({ demo: 'number', number });
  await ada.receives({ demo: 'number', number: 2 });
  const heard = { Ada: { last: 5, count: 3, lost: 2, holes: [3, 4] } };
  expect(ada.received.map(parse)).toContainEqual({ demo: 'number', number: 1, heard });
});

test('the command ask gets the price of a share, or an error, with the id of the question', async () => {
  const reader = await visit();
  reader.send({ demo: 'ask', share: 'ACME', id: 7 });
  await reader.receives({ demo: 'answer', id: 7, price: expect.any(Number) as number });
  reader.send({ demo: 'ask', share: 'acme', id: 8 });
  await reader.receives({ demo: 'answer', id: 8, error: 'There is no share “acme”.' });
  reader.send({ demo: 'ask', share: 'ACME' });
  await reader.receives({
    demo: 'error',
    message: 'ask: share must be a string, and id a whole number.',
  });
});

/** A client of the demo server that speaks graphql-transport-ws. */
async function speakGraphql(): Promise<Visitor> {
  const visitor = new Visitor('room=a&graphql');
  await once(visitor.socket, 'open');
  return visitor;
}

const LOGIN = '{"type":"connection_init","payload":{"token":"good"}}';

async function logIn(visitor: Visitor): Promise<void> {
  visitor.send(LOGIN);
  await visitor.receives({ type: 'connection_ack' } as never);
}

const subscription = (id: string) =>
  JSON.stringify({ type: 'subscribe', id, payload: { query: 'subscription { acme }' } });

const typesOf = ({ received }: Visitor) =>
  received.map((frame) => (parse(frame) as { type?: string }).type);

test('a client with graphql in its query speaks graphql-transport-ws, and hears no words of the demo', async () => {
  const ada = await speakGraphql();
  ada.send('{"type":"ping"}');
  await logIn(ada);
  ada.send(subscription('1'));
  await ada.receives({ type: 'next', id: '1' } as never);
  expect(new Set(typesOf(ada))).toEqual(new Set(['pong', 'connection_ack', 'next']));
});

test('a client that speaks graphql-transport-ws can have its pings left unanswered', async () => {
  const ada = await speakGraphql();
  ada.send({ demo: 'mute' });
  ada.send('{"type":"ping"}');
  await logIn(ada);
  expect(typesOf(ada)).toEqual(['connection_ack']);
  ada.send({ demo: 'mute', on: false });
  ada.send('{"type":"ping"}');
  await ada.receives({ type: 'pong' } as never);
});

test.for([
  ['a second login', LOGIN, 4429],
  ['a second subscription of an id', subscription('1'), 4409],
  ['a subscription without an id', '{"type":"subscribe","payload":{"query":""}}', 4400],
  ['a subscription without a query', '{"type":"subscribe","id":"2"}', 4400],
] as const)(
  'a client that speaks graphql-transport-ws is closed for %s, and its prices end',
  async ([, frame, code]) => {
    // Those of prices.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const ada = new Visitor('room=a&graphql');
    await once(ada.socket, 'open');
    await logIn(ada);
    ada.send(subscription('1'));
    await ada.receives({ type: 'next', id: '1' } as never);
    ada.send(frame);
    expect(await ada.closes()).toBe(code);
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0));
  },
);

test('a client that speaks graphql-transport-ws has a limit of subscriptions', async () => {
  const ada = await speakGraphql();
  await logIn(ada);
  for (let id = 0; id <= MAX_TOPICS; id++) ada.send(subscription(`${id}`));
  await ada.receives({ type: 'error', id: `${MAX_TOPICS}` } as never);
  expect(typesOf(ada).filter((type) => type === 'error')).toHaveLength(1);
});

test.for([
  ['{"type":"connection_init","payload":{"token":"bad"}}', 4403],
  ['{"type":"subscribe","id":"1"}', 4401],
  ['no JSON', 4400],
] as const)(
  'a client that speaks graphql-transport-ws and sends %s is closed with %i',
  async ([frame, code]) => {
    const ada = new Visitor('room=a&graphql');
    await once(ada.socket, 'open');
    ada.send(frame);
    expect(await ada.closes()).toBe(code);
  },
);

test('each editor of a room gets the edits that it does not have', async () => {
  const [mine, yours] = [new Doc(), new Doc()];
  const [ada, grace] = [await visit(), await visit()];
  ada.send({ demo: 'edit' });
  mine.getText().insert(0, 'written alone');
  ada.send(packEdit('update', encodeStateAsUpdate(mine)));
  ada.send('a round trip later');
  await ada.receives('a round trip later');

  grace.send({ demo: 'edit' });
  grace.send(packEdit('state', encodeStateVector(yours)));
  await vi.waitFor(() => expect(grace.binary()).toHaveLength(2));
  applyUpdate(yours, grace.binary()[0]?.subarray(1) ?? new Uint8Array());
  expect(yours.getText().toJSON()).toBe('written alone');
  expect(grace.binary().map(([kind]) => kind)).toEqual([1, 0]);

  grace.send(packEdit('update', encodeStateAsUpdate(yours)));
  await vi.waitFor(() => expect(ada.binary()).toHaveLength(1));
  grace.send(new Uint8Array([9]));
  await grace.receives({ demo: 'error', message: expect.stringContaining('edit: ') as string });
});

test('a client gets the positions of the vehicles that it follows, until it unfollows them', async () => {
  const ada = await visit();
  ada.send({ demo: 'follow', vehicles: ['RL 101', 'no such'] });
  await vi.waitFor(() => expect(ada.positions().length).toBeGreaterThan(2));
  expect(new Set(ada.positions())).toEqual(new Set(['RL 101']));
  ada.send({ demo: 'unfollow', vehicles: ['RL 101'] });
  ada.send('enough');
  await ada.receives('enough');
  const before = ada.positions().length;
  await new Promise((resolve) => setTimeout(resolve, 220));
  expect(ada.positions()).toHaveLength(before);
});

test('the demo server closes a link when its token expires, and at once if it has expired', async () => {
  expect(await new Visitor(`room=a&token=${issueToken(-1)}`).closes()).toBe(4401);
  expect(await new Visitor('room=a&token=forged').closes()).toBe(4401);
  stopClock();
  const lasting = new Visitor(`room=a&token=${issueToken(60_000)}`);
  await lasting.receives({ demo: 'welcome' });
  expect(lasting.socket.readyState).toBe(WebSocket.OPEN);
  const closed = lasting.closes();
  vi.advanceTimersByTime(60_000);
  expect(await closed).toBe(4401);
});
