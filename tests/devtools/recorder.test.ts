import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createConnection } from '../../src/core.ts';
import { recordings } from '../../src/devtools/recorder/recordings.ts';
import { presence } from '../../src/core/lifeline/presence.ts';
import { lifeline } from '../../src/presence.ts';
import { createTestServer } from '../../src/testing.ts';
import { takeReports } from '../support/reports.ts';
import { setup } from './open-connection.ts';

let copies = 0;

/** For a page in which the module of the devtools is loaded later: by the returned function. */
function comeLate() {
  const hook = Symbol.for('react-lifeline devtools');
  const world = globalThis as { [key: symbol]: unknown };
  const { [hook]: before } = world;
  world[hook] = undefined;
  onTestFinished(() => {
    world[hook] = before;
  });
  return async () => {
    // Another copy of the module.
    const path = `../../src/devtools/recorder/recordings.ts?late=${++copies}`;
    const late: { recordings: typeof recordings } = await import(path);
    return late.recordings().list().at(-1);
  };
}

describe('recordings', () => {
  test('have a connection when it is used, and not before', async () => {
    const before = recordings().list().length;
    const server = createTestServer();
    const connection = createConnection(server.options);
    expect(recordings().list()).toHaveLength(before);
    connection.open();
    expect(recordings().list().at(-1)?.connection).toBe(connection);
  });

  test('have those that were used before the module of the devtools was loaded, from then on', async () => {
    const loadDevtools = comeLate();
    const server = createTestServer();
    const connection = createConnection({ ...server.options, topics: { of: String } });
    connection.open();
    await server.connected();
    const removeEarly = connection.onTopic('EUR', () => {});
    const recording = await loadDevtools();
    expect(recording?.connection).toBe(connection);
    server.send('hello');
    expect(recording?.entries().map(({ type }) => type)).toEqual(['state', 'frame']);
    connection.onTopic('EUR', () => {});
    removeEarly();
    expect(recording?.topics()).toMatchObject([{ listeners: 1, added: 2, removed: 1 }]);
  });

  test('count a listener that was added by a function of before the devtools', async () => {
    const loadDevtools = comeLate();
    const server = createTestServer();
    const connection = createConnection({ ...server.options, topics: { of: String } });
    const { onTopic } = connection;
    connection.open();
    onTopic('EUR', () => {});
    const recording = await loadDevtools();
    onTopic('EUR', () => {});
    expect(recording?.topics()).toMatchObject([{ listeners: 2, added: 2, removed: 0 }]);
  });

  test('forget the oldest of more than 20 that have ended', async () => {
    for (let count = 0; count < 30; count++) {
      const connection = createConnection(createTestServer().options);
      connection.open();
      connection.close();
    }
    const ended = recordings()
      .list()
      .filter(({ connection }) => /idle|closed/.test(connection.getSnapshot().status));
    // The last one was open when the others were counted.
    expect(ended).toHaveLength(21);
  });
});

describe('a recording', () => {
  test('has each status with its cause', async () => {
    const { server, of } = await setup();
    server.close(1012, 'deploy');
    await server.connected();
    expect(of('state').map(({ status, attempt }) => [status, attempt])).toEqual([
      ['connecting', 0],
      ['open', 0],
      ['reconnecting', 1],
      ['open', 0],
    ]);
    expect(of('state')[2]?.cause).toMatchObject({ kind: 'close', code: 1012, reason: 'deploy' });
  });

  test('has the frames of both directions, with what they mean', async () => {
    const { server, connection, of } = await setup();
    connection.send({ text: 'há' });
    server.send({ text: 'hello' });
    expect(of('frame').map(({ way, kind, size, decoded }) => [way, kind, size, decoded])).toEqual([
      ['out', 'message', 14, { text: 'há' }],
      ['in', 'message', 16, { text: 'hello' }],
    ]);
  });

  test('gathers the many messages of a frame in one array: a copy for each would take long', async () => {
    const server = createTestServer();
    const seen: unknown[] = [];
    const connection = createConnection({
      ...server.options,
      codec: { encode: String, decodeAll: () => [1, 2, 3, 4] },
      onMessage: () => seen.push(frame()),
    });
    const frame = () => {
      const entry = recordings().list().at(-1)?.entries().at(-1);
      return entry?.type === 'frame' ? entry.decoded : undefined;
    };
    connection.open();
    (await server.connected()).sendFrame('1 2 3 4');
    expect(frame()).toEqual([1, 2, 3, 4]);
    expect(frame()).toBe(seen.at(-1));
  });

  test('has a frame that does not decode, and why', async () => {
    const { server, of } = await setup({ onError: () => {} });
    (await server.connected()).sendFrame('{oops');
    const [frame] = of('frame');
    expect(frame).toMatchObject({ kind: 'message', data: '{oops', decoded: undefined });
    expect(frame?.error).toMatch(/^(?!A frame).*JSON/s);
    expect(of('error').map(({ message }) => message)).toEqual([frame?.error]);
  });

  test('has the frames of a heartbeat, and its round trips', async () => {
    const { server, of } = await setup({ heartbeat: lifeline({ interval: 1_000 }) });
    server.slow(30);
    await server.advance(1_500);
    expect(
      of('frame')
        .map(({ way, kind }) => `${way} ${kind}`)
        .slice(0, 2),
    ).toEqual(['out heartbeat', 'in heartbeat']);
    expect(of('roundTrip').at(-1)?.duration).toBe(60);
  });

  test('has what became of each message of the outbox', async () => {
    const { server, connection, of } = await setup();
    server.drop();
    connection.send({ n: 1 });
    const abort = new AbortController();
    connection.send({ n: 2 }, { signal: abort.signal });
    abort.abort();
    await server.connected();
    expect(
      of('message').map(({ id, what, reason, message }) => [id, what, reason, message]),
    ).toEqual([
      [1, 'queued', undefined, { n: 1 }],
      [2, 'queued', undefined, { n: 2 }],
      [2, 'dropped', 'aborted', { n: 2 }],
      [1, 'sent', undefined, { n: 1 }],
    ]);
  });

  test('has the listeners of topics, and messages that nobody has asked for any more', async () => {
    const { server, connection, recording } = await setup({
      topics: { of: ({ topic }) => topic as string },
    });
    const removeFirst = connection.onTopic('a', () => {});
    connection.onTopic('a', () => {});
    const removeOther = connection.onTopic('b', () => {});
    server.send({ topic: 'a', n: 1 });
    removeFirst();
    removeOther();
    await server.advance(2_000);
    server.send({ topic: 'b', n: 2 });
    expect(recording.topics()).toMatchObject([
      { name: 'a', listeners: 1, added: 2, removed: 1, unheard: 0, last: { topic: 'a', n: 1 } },
      { name: 'b', listeners: 0, added: 1, removed: 1, unheard: 1 },
    ]);
  });

  test('has the presence of a topic that is watched after 1,000 others that the server has named', async () => {
    const { server, connection, recording } = await setup({ heartbeat: lifeline() });
    const client = await server.connected();
    const tell = (topic: string) =>
      client.sendFrame(JSON.stringify({ lifeline: 'presence', topic, online: ['ada'] }));
    const watched = ['first', 'last'];
    const { watch } = connection.extend(presence);
    for (const topic of watched) watch(() => {}, topic);
    tell('first');
    for (let n = 0; n < 1_000; n++) tell(`other ${n}`);
    tell('last');
    expect(recording.presence()).toEqual(watched.map((topic) => ({ topic, ids: ['ada'] })));
  });

  test('has the holders by the function that has called', async () => {
    const { connection, recording } = await setup();
    const holdByHand = () => connection.retain();
    const release = holdByHand();
    expect(recording.holders()).toEqual([
      expect.stringMatching(/^holdByHand .*recorder\.test\.ts/),
    ]);
    release();
    expect(recording.holders()).toEqual([]);
  });

  test('has nothing of what happens while it is paused', async () => {
    const { server, recording, of } = await setup();
    recording.pause();
    server.send({ n: 1 });
    recording.resume();
    server.send({ n: 2 });
    expect(of('frame').map(({ decoded }) => decoded)).toEqual([{ n: 2 }]);
    recording.clear();
    expect(recording.entries()).toEqual([]);
  });

  test('tells of a damage that begins while it is paused', async () => {
    const { recording } = await setup();
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const listener = vi.fn<() => void>();
    recording.subscribe(listener);
    recording.pause();
    vi.advanceTimersByTime(100);
    recording.damage.slow(300);
    vi.advanceTimersByTime(100);
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test('tells of changes at most once in 100 ms', async () => {
    const { server, recording } = await setup();
    vi.useFakeTimers();
    const listener = vi.fn<() => void>();
    const stop = recording.subscribe(listener);
    server.send({ n: 1 });
    server.send({ n: 2 });
    vi.advanceTimersByTime(100);
    expect(listener).toHaveBeenCalledOnce();
    stop();
    vi.useRealTimers();
  });

  test('has the signals of the page, and stops listening when the connection ends', async () => {
    const listeners = new Set<(signal: 'online') => void>();
    const { connection, of } = await setup({
      signals(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    for (const listener of listeners) listener('online');
    expect(of('signal').map(({ signal }) => signal)).toEqual(['online']);
    connection.close();
    await vi.waitFor(() => expect(connection.getSnapshot().status).toBe('closed'));
    expect(listeners.size).toBe(0);
  });

  test('keeps an error that nobody listens to a reported one', async () => {
    const server = createTestServer();
    const error = new Error('no token');
    const url = () => {
      throw error;
    };
    createConnection({ ...server.options, url, reconnect: false }).open();
    await server.advance(0);
    expect(takeReports()).toEqual([error]);
    const entries = recordings().list().at(-1)?.entries() ?? [];
    expect(entries.filter(({ type }) => type === 'error')).toMatchObject([{ message: 'no token' }]);
  });

  test('keeps the newest 100,000 entries', async () => {
    const { connection, recording } = await setup();
    // So that the server has no work.
    recording.damage.silence();
    for (let n = 0; n < 100_010; n++) connection.send({ n });
    const entries = recording.entries();
    expect(entries).toHaveLength(100_000);
    expect(entries[0]).toMatchObject({ decoded: { n: 10 } });
    expect(entries.at(-1)).toMatchObject({ decoded: { n: 100_009 } });
    expect(recording.entries()).toBe(entries);
  });
});

describe('damage', () => {
  test('drop() and close() end the link as a network and a server do', async () => {
    const { server, recording, of } = await setup();
    recording.damage.drop();
    await server.connected();
    recording.damage.close(4401, 'expired');
    expect(of('state').flatMap(({ cause }) => (cause?.kind === 'close' ? cause.code : []))).toEqual(
      [1006, 4401],
    );
    expect(of('damage').map(({ what, value }) => [what, value])).toEqual([
      ['drop', undefined],
      ['close', 4401],
    ]);
  });

  test('silence() lets nothing pass, until the heartbeat notices', async () => {
    const { server, connection, recording, of, status } = await setup({ heartbeat: true });
    await server.advance(1_000);
    recording.damage.silence();
    server.send({ n: 1 });
    connection.send({ n: 2 });
    expect(connection.lastMessage).toBeNull();
    expect(server.received).toEqual([]);
    expect(recording.damage.active).toEqual(['silence']);
    expect(
      of('frame')
        .filter(({ isLost }) => isLost)
        .map(({ way }) => way),
    ).toEqual(['in', 'out']);
    await server.advance(40_000);
    expect(status()).toBe('open');
    expect(of('state').some(({ cause }) => cause?.kind === 'timeout')).toBe(true);
    expect(recording.damage.active).toEqual([]);
  });

  test('slow() delays both directions, in order', async () => {
    const { server, connection, recording } = await setup();
    recording.damage.slow(300);
    connection.send({ n: 1 });
    server.send({ n: 2 });
    await server.advance(299);
    expect([server.received, connection.lastMessage]).toEqual([[], null]);
    await server.advance(1);
    expect([server.received, connection.lastMessage]).toEqual([[{ n: 1 }], { n: 2 }]);
    recording.damage.restore();
    server.send({ n: 3 });
    expect(connection.lastMessage).toEqual({ n: 3 });
  });

  test('refuse() fails every attempt until accept()', async () => {
    const { server, recording, status } = await setup();
    recording.damage.refuse();
    recording.damage.drop();
    await server.advance(60_000);
    expect(status()).toBe('reconnecting');
    recording.damage.accept();
    await server.advance(60_000);
    expect(status()).toBe('open');
  });

  test('offline() and online() are told to the page', async () => {
    const { server, recording, status } = await setup({ heartbeat: true });
    recording.damage.offline();
    await server.advance(60_000);
    expect(status()).toBe('reconnecting');
    recording.damage.online();
    await server.advance(60_000);
    expect(status()).toBe('open');
  });

  test('sleep() is noticed, and the wall clock is right again afterwards', async () => {
    const { server, connection, recording, of } = await setup({ heartbeat: true });
    await server.advance(1_000);
    const before = connection.clock.wall() - connection.clock.now();
    const frames = of('frame').length;
    recording.damage.sleep(3_600_000);
    await server.advance(0);
    expect(
      of('frame')
        .slice(frames)
        .map(({ way, kind }) => `${way} ${kind}`),
    ).toEqual(['out heartbeat', 'in heartbeat']);
    expect(connection.clock.wall() - connection.clock.now()).toBe(before);
  });
});
