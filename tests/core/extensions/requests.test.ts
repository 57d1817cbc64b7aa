import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import {
  type ConnectionOptions,
  json,
  type RequestOptions,
  RequestError,
  requests,
} from '../../../src/core.ts';
import { takeReports } from '../../support/reports.ts';
import { settle, simulate, simulateOpen, URL_B } from '../../support/simulation/world.ts';

interface Call {
  method: string;
  id?: number;
}
interface Reply {
  id?: number | string;
  result?: unknown;
  error?: unknown;
  push?: string;
}

const codec = json<Reply, Call>();
const rpc: ConnectionOptions<Reply, Call> = {
  codec,
  requests: {
    tag: (message, id) => ({ ...message, id }),
    reply: ({ id, error }) => (id === undefined ? null : { id, error }),
  },
};

/** A connection with requests, and what becomes of each. */
function withRequests(make: typeof simulate, options: ConnectionOptions<Reply, Call> = {}) {
  const world = make<Reply, Call>({ ...rpc, ...options });
  const request = world.connection.extend(requests);
  const ends: string[] = [];
  const ask = (method: string, how?: RequestOptions) => {
    const tell = (text: string) => void ends.push(`${method} ${text}`);
    const promise = request({ method }, how);
    promise.then(
      ({ result }) => tell(String(result)),
      (error: Error & { reason?: string; uncertain?: boolean }) =>
        tell(`${error.reason ?? error.name}${error.uncertain ? ' uncertain' : ''}`),
    );
    return promise;
  };
  const sent = () => world.network.server.received.map((frame) => JSON.parse(frame as string));
  const replies = (...all: Reply[]) =>
    world.network.server.sends(...all.map((reply) => JSON.stringify(reply)));
  return { ...world, request, ask, ends, sent, replies };
}
const open = (options?: ConnectionOptions<Reply, Call>) => withRequests(simulateOpen, options);
const idle = (options?: ConnectionOptions<Reply, Call>) => withRequests(simulate, options);

describe('a request', () => {
  test('is sent with an id, and its promise is fulfilled with the reply, in any order', async () => {
    const { ask, ends, sent, replies } = open();
    void ask('a');
    void ask('b');
    expect(sent()).toEqual([
      { method: 'a', id: 1 },
      { method: 'b', id: 2 },
    ]);
    replies({ id: 2, result: 'two' }, { id: '1', result: 'one' });
    await settle();
    expect(ends).toEqual(['b two', 'a one']);
  });

  test('waits in the outbox while no link is open', async () => {
    const { connection, network, ask, ends, sent, replies } = idle();
    void ask('a');
    expect(connection.outbox.map(({ message }) => message)).toEqual([{ method: 'a', id: 1 }]);
    connection.open();
    network.server.accepts();
    expect(sent()).toEqual([{ method: 'a', id: 1 }]);
    replies({ id: 1, result: 'yes' });
    await settle();
    expect(ends).toEqual(['a yes']);
  });

  test('gets a reply that reaches no other handler; other messages do', async () => {
    const { connection, ask, replies, log } = open({ topics: { of: () => 'all' } });
    const topic = vi.fn<(message: unknown) => void>();
    connection.onTopic('all', topic);
    void ask('a');
    replies({ push: 'x' }, { id: 1, result: 'yes' });
    await settle();
    expect(topic.mock.calls).toEqual([[{ push: 'x' }]]);
    expect(connection.lastMessage).toEqual({ push: 'x' });
    expect(log).toHaveLength(1);
  });

  test('that the server refuses is rejected with its error and the reply', async () => {
    const { ask, replies } = open();
    const promise = ask('a');
    const error = { code: 7 };
    replies({ id: 1, error });
    await expect(promise).rejects.toBeInstanceOf(RequestError);
    await expect(promise).rejects.toMatchObject({
      name: 'RequestError',
      reason: 'refused',
      uncertain: false,
      reply: { id: 1, error },
      cause: error,
    });
  });

  test.each([undefined, null, false])('with the error %o is not refused', async (error) => {
    const { ask, replies, ends } = open({
      requests: { ...rpc.requests, reply: ({ id }: Reply) => ({ id, error }) } as never,
    });
    void ask('a');
    replies({ id: 1, result: 'yes' });
    await settle();
    expect(ends).toEqual(['a yes']);
  });

  test('has the type of the codec, and extend() gives the same function again', () => {
    const { connection, request } = open();
    expect(connection.extend(requests)).toBe(request);
  });
});

describe('a request that is given up', () => {
  test('is withdrawn while it waits, and is certain not to run (fault 112)', async () => {
    const { connection, network, clock, ask, ends, sent } = idle();
    const controller = new AbortController();
    void ask('aborted', { signal: controller.signal });
    void ask('late', { timeout: 100 });
    void ask('other');
    controller.abort();
    clock.advance(100);
    await settle();
    expect(ends).toEqual(['aborted AbortError', 'late TimeoutError']);
    connection.open();
    network.server.accepts();
    expect(sent()).toEqual([{ method: 'other', id: 3 }]);
  });

  test('is uncertain once it was sent; the late reply is ignored (fault 112)', async () => {
    const { clock, ask, ends, replies, log } = open();
    const controller = new AbortController();
    void ask('aborted', { signal: controller.signal });
    void ask('late', { timeout: 100 });
    controller.abort();
    clock.advance(100);
    replies({ id: 1, result: 'yes' }, { id: 2, result: 'yes' }, { id: 2, result: 'again' });
    await settle();
    expect(ends).toEqual(['aborted AbortError uncertain', 'late TimeoutError uncertain']);
    expect(log).toEqual([]);
  });

  // The signals of React Native have none.
  const haveReasons = 'reason' in AbortSignal.prototype;
  test.runIf(haveReasons)(
    'is rejected with a DOMException that has the reason of the signal as its cause (fault 112)',
    async () => {
      const { ask } = open();
      const reason = new Error('of the app');
      const promise = ask('a', { signal: AbortSignal.abort(reason) });
      await expect(promise).rejects.toBeInstanceOf(DOMException);
      await expect(promise).rejects.toMatchObject({
        name: 'AbortError',
        cause: reason,
        uncertain: false,
      });
      const timeout = new DOMException('slow', 'TimeoutError');
      await expect(ask('a', { signal: AbortSignal.abort(timeout) })).rejects.toMatchObject({
        name: 'TimeoutError',
      });
    },
  );

  test('by an aborted signal is not even tagged (fault 112)', async () => {
    const tag = vi.fn<(message: Call) => Call>();
    const { ask, ends } = open({ requests: { tag, reply: () => null } });
    void ask('a', { signal: AbortSignal.abort() });
    await settle();
    expect([tag.mock.calls.length, ends]).toEqual([0, ['a AbortError']]);
  });

  test('times out after 30 s by default, the wait for a link included (fault 112)', async () => {
    const { connection, network, clock, ask, ends } = idle();
    void ask('a');
    clock.advance(10_000);
    connection.open();
    network.server.accepts();
    clock.advance(19_999);
    await settle();
    expect(ends).toEqual([]);
    clock.advance(1);
    await settle();
    expect(ends).toEqual(['a TimeoutError uncertain']);
  });

  test('leaves no listener and no timer behind, with 10,000 over one signal (fault 112)', async () => {
    const { clock, ask, ends, replies } = open({ heartbeat: false });
    const { signal } = new AbortController();
    for (let n = 0; n < 10_000; n++) void ask(`${n}`, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    expect(clock.pendingTimers).toBe(1);
    replies(...Array.from({ length: 10_000 }, (_, n) => ({ id: n + 1, result: n })));
    await settle();
    expect(ends).toHaveLength(10_000);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a request whose link ends', () => {
  test('is lost and uncertain if it was sent (fault 113)', async () => {
    const { network, ask, ends } = open();
    void ask('a');
    network.server.breaks();
    await settle();
    expect(ends).toEqual(['a lost uncertain']);
  });

  test('is sent again, with the same id, with again: true (fault 113)', async () => {
    const { network, clock, ask, ends, sent, replies } = open();
    void ask('a', { again: true });
    network.server.breaks();
    clock.advance(5_000);
    network.server.accepts();
    expect(sent()).toEqual([{ method: 'a', id: 1 }]);
    replies({ id: 1, result: 'yes' });
    await settle();
    expect(ends).toEqual(['a yes']);
  });

  test('is uncertain for ever once it was sent, also if it then waits (fault 113)', async () => {
    const { network, clock, ask, ends } = open();
    void ask('a', { again: true, timeout: 1_000 });
    network.server.breaks();
    network.server.refuses();
    clock.advance(1_000);
    await settle();
    expect(ends).toEqual(['a TimeoutError uncertain']);
  });

  test('while it waits still waits (fault 113)', async () => {
    const { connection, network, clock, ask, ends, sent } = idle();
    connection.open();
    void ask('a');
    network.server.refuses();
    clock.advance(5_000);
    network.server.accepts();
    await settle();
    expect([ends, sent()]).toEqual([[], [{ method: 'a', id: 1 }]]);
  });

  test('that reconnect() replaces is lost, or goes again (fault 113)', async () => {
    const { connection, network, ask, ends, sent } = open();
    void ask('a');
    void ask('b', { again: true });
    connection.reconnect();
    network.server.accepts();
    await settle();
    expect([ends, sent()]).toEqual([['a lost uncertain'], [{ method: 'b', id: 2 }]]);
  });
});

describe('every promise settles (fault 114)', () => {
  test.each([
    ['close()', (world: ReturnType<typeof open>) => world.connection.close(), 'closed'],
    ['another scope', (world) => world.connection.update({ url: URL_B }), 'closed'],
    ['a null url', (world) => world.connection.update({ url: null }), 'closed'],
    [
      'the end of a connection that may not reconnect',
      (world) => {
        world.connection.update({ reconnect: false });
        world.network.server.breaks();
      },
      'lost',
    ],
    ['a refusal', (world) => world.network.server.closesWith(1002), 'lost'],
  ] as [string, (world: ReturnType<typeof open>) => void, string][])(
    'at %s',
    async (_, ends, reason) => {
      const world = open();
      void world.ask('sent', { timeout: Infinity });
      ends(world);
      await settle();
      expect(world.ends).toEqual([`sent ${reason} uncertain`]);
      const again = open();
      void again.ask('again', { timeout: Infinity, again: true });
      ends(again);
      await settle();
      expect(again.ends).toEqual([expect.stringMatching(/^again (?:closed|lost) uncertain$/)]);
    },
  );

  test('at close() at once, without waiting for the server', async () => {
    const { connection, ask, ends } = open();
    void ask('a');
    connection.close();
    await settle();
    expect([connection.getSnapshot().status, ends]).toEqual(['closing', ['a closed uncertain']]);
  });

  test.each([
    ['close()', (world: ReturnType<typeof idle>) => world.connection.close()],
    ['another scope', (world) => world.connection.update({ url: URL_B })],
    [
      'giving up',
      (world) => {
        world.connection.update({ reconnect: false });
        world.network.server.refuses();
      },
    ],
  ] as [string, (world: ReturnType<typeof idle>) => void][])(
    'that waits, at %s',
    async (_, ends) => {
      const world = idle();
      world.connection.open();
      void world.ask('a', { timeout: Infinity });
      ends(world);
      await settle();
      expect(world.ends).toEqual(['a closed']);
      expect(world.connection.outbox).toEqual([]);
    },
  );

  test('that waits, when the last holder has gone', async () => {
    const { connection, clock, ask, ends, log } = idle();
    const release = connection.retain();
    void ask('a', { timeout: Infinity });
    connection.send({ method: 'plain' });
    release();
    clock.advance(1_000);
    await settle();
    expect(ends).toEqual(['a closed']);
    expect(log).toContain('drop [object Object] closed');
    expect(connection.outbox).toHaveLength(1);
  });

  test('while the connection is closed', async () => {
    const { connection, ask, ends } = open();
    connection.close();
    void ask('a');
    await settle();
    expect(ends).toEqual(['a closed']);
  });

  test('when the outbox is full', async () => {
    const { ask, ends } = idle({ outbox: { maxMessages: 1 } });
    void ask('a');
    void ask('b', { timeout: 5 });
    await settle();
    expect(ends).toEqual(['a lost']);
  });

  test('without an outbox', async () => {
    const { ask, ends } = idle({ outbox: false });
    void ask('a');
    await settle();
    expect(ends).toEqual(['a lost']);
  });

  test('when the socket refuses it', async () => {
    const { network, connection, ask, ends } = idle();
    void ask('a');
    connection.open();
    network.socket.send = () => {
      throw new DOMException('no', 'DataCloneError');
    };
    network.server.accepts();
    void ask('b');
    await settle();
    expect(ends).toEqual(['a lost', 'b DataCloneError']);
  });
});

describe('bad input (fault 115)', () => {
  test('a reply to an unknown id, or a second one, is ignored', async () => {
    const { ask, ends, replies, log } = open();
    void ask('a');
    replies({ id: 99, result: 'no' }, { id: 1, result: 'yes' }, { id: 1, result: 'twice' });
    await settle();
    expect([ends, log]).toEqual([['a yes'], []]);
  });

  test.each([{}, { id: null }, { id: undefined }, true, 'yes', Promise.resolve({ id: 1 })])(
    'a reply() that returns %o takes no message',
    async (value) => {
      const { connection, ask, ends, replies } = open({
        requests: { ...rpc.requests, reply: () => value } as never,
      });
      void ask('a', { timeout: Infinity });
      replies({ id: 1 });
      await settle();
      expect([ends, connection.lastMessage]).toEqual([[], { id: 1 }]);
    },
  );

  test('a tag() that throws is reported, and rejects its request', async () => {
    const fault = new Error('of the app');
    const { ask, sent } = open({
      requests: {
        ...rpc.requests,
        tag() {
          throw fault;
        },
      } as never,
    });
    await expect(ask('a')).rejects.toBe(fault);
    expect(takeReports()).toEqual([fault]);
    expect(sent()).toEqual([]);
  });

  test('a reply() that throws is reported, the message reaches the others, and the request times out', async () => {
    const fault = new Error('of the app');
    const { clock, connection, ask, ends, replies } = open({
      requests: {
        ...rpc.requests,
        reply() {
          throw fault;
        },
      } as never,
    });
    void ask('a');
    replies({ id: 1 });
    expect(takeReports()).toEqual([fault]);
    expect(connection.lastMessage).toEqual({ id: 1 });
    clock.advance(30_000);
    await settle();
    expect(ends).toEqual(['a TimeoutError uncertain']);
  });

  test('a codec that throws rejects its request', async () => {
    const fault = new Error('of the codec');
    const { ask, connection } = idle({
      codec: {
        encode() {
          throw fault;
        },
        decode: codec.decode,
      },
    });
    await expect(ask('a')).rejects.toBe(fault);
    expect(connection.outbox).toEqual([]);
  });

  test.each([
    { timeout: 0 },
    { timeout: -1 },
    { timeout: Number.NaN },
    { timeout: '5' },
    { timeout: null },
    { signal: null },
    { signal: {} },
    { again: 1 },
    { queue: false },
  ])('%o is refused', async (options) => {
    const { ask, sent } = open();
    const promise = ask('a', options as never);
    await expect(promise).rejects.toBeInstanceOf(TypeError);
    await expect(promise).rejects.toThrow(Object.keys(options)[0]);
    expect(sent()).toEqual([]);
  });

  test('without the option requests, the error says what to do', async () => {
    const { connection } = simulateOpen({ codec });
    await expect(connection.extend(requests)({ method: 'a' })).rejects.toThrow(
      /needs the option requests=\{\{ tag, reply \}\}/,
    );
  });
});

describe('what happens while the socket takes a request', () => {
  test('the reply comes', async () => {
    const { network, ask, ends, replies } = open();
    const { socket } = network;
    const send = socket.send.bind(socket);
    socket.send = (frame) => {
      send(frame);
      replies({ id: 1, result: 'at once' });
    };
    void ask('a');
    await settle();
    expect(ends).toEqual(['a at once']);
  });

  test.each([false, true])('the link ends, again: %s', async (again) => {
    const { network, clock, ask, ends, replies } = open();
    const { socket } = network;
    const send = socket.send.bind(socket);
    socket.send = (frame) => {
      send(frame);
      network.server.breaks();
    };
    void ask('a', { again });
    clock.advance(5_000);
    network.server.accepts();
    replies({ id: 1, result: 'yes' });
    await settle();
    expect(ends).toEqual([again ? 'a yes' : 'a lost uncertain']);
  });

  test('its signal is aborted', async () => {
    const { connection, network, ask, ends } = idle();
    const controller = new AbortController();
    void ask('a', { signal: controller.signal });
    connection.open();
    network.socket.send = () => controller.abort();
    network.server.accepts();
    await settle();
    expect(ends).toEqual(['a AbortError uncertain']);
  });
});
