import { describe, expect, test, vi } from 'vitest';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import { json } from '../../../src/core/messages/json.ts';
import { topics as topicsExtension } from '../../../src/core/extensions/topics.ts';
import { takeReports } from '../../support/reports.ts';
import { settle, simulate, simulateOpen, URL_B } from '../../support/simulation/world.ts';

interface Tick {
  topic: string | null;
  price?: number;
}

const codec = json<Tick>();

/** Options for a server that takes lists of topics. */
const market = (
  options: ConnectionOptions<Tick, unknown> = {},
): ConnectionOptions<Tick, unknown> => ({
  codec,
  topics: {
    of: (message) => message.topic,
    subscribe: (topics) => [{ subscribe: topics }],
    unsubscribe: (topics) => [{ unsubscribe: topics }],
  },
  ...options,
});

const tick = (topic: string, price = 1) => JSON.stringify({ topic, price });
const ignore = () => {};

test('a message reaches only the listeners of its own topic', () => {
  const { connection, network } = simulateOpen(market());
  const gold: unknown[] = [];
  const iron = vi.fn<() => void>();
  connection.onTopic('gold', (message) => gold.push(message.price));
  connection.onTopic('iron', iron);
  network.server.sends(tick('gold', 1));
  network.server.sends(tick('gold', 2));
  network.server.sends(JSON.stringify({ topic: null }));
  expect(gold).toEqual([1, 2]);
  expect(iron).not.toHaveBeenCalled();
});

test('the last message of a topic is kept while the topic has a listener', () => {
  const { connection, network } = simulateOpen(market());
  const topics = connection.extend(topicsExtension);
  network.server.sends(tick('gold', 1));
  expect(topics.last('gold')).toBeNull();
  connection.onTopic('gold', ignore);
  network.server.sends(tick('gold', 2));
  network.server.sends(tick('iron', 3));
  expect(topics.last('gold')).toEqual({ topic: 'gold', price: 2 });
  expect(topics.last('iron')).toBeNull();
});

test('topics.of is not called while no topic has a listener', () => {
  const of = vi.fn<() => null>(() => null);
  const { network } = simulateOpen(market({ topics: { of } }));
  network.server.sends(tick('gold'));
  expect(of).not.toHaveBeenCalled();
});

test.each([
  ['without the topics option', {}],
  ['with topics that have no subscribe function', { topics: { of: () => 'gold' } }],
])('%s, listening to a topic sends nothing', async (_, options) => {
  const { connection, network, log } = simulateOpen<Tick, unknown>({ codec, ...options });
  connection.onTopic('gold', ignore);
  await settle();
  network.server.sends(tick('gold'));
  expect(network.server.received).toEqual([]);
  expect(log).toEqual(['message [object Object]']);
});

test.each(['__proto__', 'constructor', '', 'toString'])(
  'a topic can be named %j',
  async (topic) => {
    const { connection, network } = simulateOpen(market());
    const heard = vi.fn<() => void>();
    connection.onTopic(topic, heard);
    await settle();
    network.server.sends(tick(topic));
    expect(heard).toHaveBeenCalledTimes(1);
    expect(network.server.received).toEqual([JSON.stringify({ subscribe: [topic] })]);
  },
);

describe('subscribing', () => {
  test('happens once a tick, for all topics that got their first listener', async () => {
    const { connection, network } = simulateOpen(market());
    connection.onTopic('gold', ignore);
    connection.onTopic('gold', ignore);
    connection.onTopic('iron', ignore);
    await settle();
    connection.onTopic('iron', ignore);
    connection.onTopic('zinc', ignore);
    await settle();
    expect(network.server.received).toEqual([
      '{"subscribe":["gold","iron"]}',
      '{"subscribe":["zinc"]}',
    ]);
  });

  test('on a new link comes after what open handlers send and before the outbox, in one call for 200 topics', async () => {
    const subscribe = vi.fn<(topics: string[]) => unknown[]>((topics) => [
      { count: topics.length },
    ]);
    const { connection, network } = simulate(market({ topics: { of: () => null, subscribe } }));
    for (let index = 0; index < 200; index++) connection.onTopic(`topic ${index}`, ignore);
    connection.on('open', () => connection.send('login'));
    connection.send('queued');
    connection.open();
    network.server.accepts();
    await settle();
    expect(network.server.received).toEqual(['"login"', '{"count":200}', '"queued"']);
    expect(subscribe).toHaveBeenCalledTimes(1);
  });

  test('is repeated on every new link', () => {
    const { connection, network, clock } = simulateOpen(market());
    connection.onTopic('gold', ignore);
    network.server.breaks();
    clock.advance(5_000);
    network.server.accepts();
    expect(network.server.received).toEqual(['{"subscribe":["gold"]}']);
  });

  test('waits until a link is open', async () => {
    const subscribe = vi.fn<(topics: string[]) => unknown[]>(() => []);
    const { connection } = simulate(market({ topics: { of: () => null, subscribe } }));
    connection.onTopic('gold', ignore);
    connection.open();
    await settle();
    expect(subscribe).not.toHaveBeenCalled();
  });

  test('ends linger after the last listener has left, unless one comes back before that', async () => {
    const { connection, network, clock } = simulateOpen(market({ linger: 1_000 }));
    const leave = connection.onTopic('gold', ignore);
    await settle();
    leave();
    leave();
    clock.advance(900);
    const leaveAgain = connection.onTopic('gold', ignore);
    clock.advance(5_000);
    leaveAgain();
    clock.advance(999);
    await settle();
    expect(network.server.received).toEqual(['{"subscribe":["gold"]}']);
    clock.advance(1);
    await settle();
    expect(network.server.received.slice(1)).toEqual(['{"unsubscribe":["gold"]}']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('on a new link leaves out topics that have no listener any more', () => {
    const { connection, network, clock } = simulateOpen(market({ linger: 60_000 }));
    connection.onTopic('gold', ignore)();
    network.server.breaks();
    clock.advance(5_000);
    network.server.accepts();
    expect(network.server.received).toEqual([]);
    clock.advance(60_000);
    expect(network.server.received).toEqual([]);
  });

  test('reports a message that cannot be encoded, and sends the others', async () => {
    const subscribe = () => [1, undefined, 3];
    const { connection, network } = simulateOpen(market({ topics: { of: () => null, subscribe } }));
    connection.onTopic('gold', ignore);
    await settle();
    expect(network.server.received).toEqual(['1', '3']);
    expect(takeReports()).toEqual([expect.any(TypeError)]);
  });

  test('reports a subscribe function that throws, and the link stays open', async () => {
    const error = new Error('no');
    const subscribe = () => {
      throw error;
    };
    const { connection } = simulateOpen(market({ topics: { of: () => null, subscribe } }));
    connection.onTopic('gold', ignore);
    await settle();
    expect(takeReports()).toEqual([error]);
    expect(connection.getSnapshot().status).toBe('open');
  });
});

test('topics.of that throws leads to an error event, and the message is still delivered (fault 42)', () => {
  const { connection, network, log } = simulateOpen(
    market({
      topics: {
        of() {
          throw new RangeError('no topic');
        },
      },
    }),
  );
  connection.onTopic('gold', ignore);
  log.length = 0;
  network.server.sends(tick('gold'));
  expect(log.toSorted()).toEqual(['error RangeError', 'message [object Object]']);
  expect(connection.getSnapshot().status).toBe('open');
});

test('a listener that throws is reported, and the next one gets the message', () => {
  const { connection, network } = simulateOpen(market());
  const heard = vi.fn<() => void>();
  const error = new Error('no');
  connection.onTopic('gold', () => {
    throw error;
  });
  connection.onTopic('gold', heard);
  network.server.sends(tick('gold'));
  expect(heard).toHaveBeenCalledTimes(1);
  expect(takeReports()).toEqual([error]);
});

test('a listener removed or added while a message is delivered does not get that message', () => {
  const { connection, network } = simulateOpen(market());
  const heard: string[] = [];
  connection.onTopic('gold', () => {
    heard.push('first');
    leave();
    connection.onTopic('gold', () => heard.push('late'));
  });
  const leave = connection.onTopic('gold', () => heard.push('second'));
  network.server.sends(tick('gold'));
  expect(heard).toEqual(['first']);
});

test('a message is kept neither as last message nor by its topic when its handler changes the scope', () => {
  const { connection, network } = simulateOpen(
    market({ scope: 'ada', onMessage: () => connection.update({ scope: 'bob' }) }),
  );
  connection.onTopic('gold', ignore);
  network.server.sends(tick('gold'));
  expect(connection.lastMessage).toBeNull();
  expect(connection.extend(topicsExtension).last('gold')).toBeNull();
});

test('a topic without listeners is not subscribed to again after the scope changes, even within linger', () => {
  const { connection, network } = simulateOpen(market({ scope: 'ada' }));
  const leave = connection.onTopic('inbox of ada', ignore);
  connection.update({ scope: 'bob' });
  leave();
  connection.onTopic('inbox of bob', ignore);
  network.server.accepts();
  expect(network.server.received).toEqual(['{"subscribe":["inbox of bob"]}']);
});

test('a topic with listeners is subscribed to again after the scope changes', () => {
  const { connection, network } = simulateOpen(market());
  connection.onTopic('gold', ignore);
  connection.update({ url: URL_B });
  network.server.accepts();
  expect(network.server.received).toEqual(['{"subscribe":["gold"]}']);
});

test('a frame that cannot be decoded leads to one DecodeError, and the link and the last message stay', () => {
  const { connection, network, log } = simulateOpen(market());
  network.server.sends(tick('gold', 7));
  log.length = 0;
  for (const frame of ['', '{', new ArrayBuffer(1)]) network.server.sends(frame);
  expect(log).toEqual(['error DecodeError', 'error DecodeError', 'error DecodeError']);
  expect(connection.lastMessage).toEqual({ topic: 'gold', price: 7 });
  expect(connection.getSnapshot().status).toBe('open');
});

test('a subscription that no socket takes is reported, and the others are sent (fault 58)', () => {
  const subscribe = () => ['a', { size: 1 } as never, 'b'];
  const { connection, network } = simulate({ topics: { of: () => null, subscribe } });
  connection.onTopic('gold', ignore);
  connection.open();
  network.server.accepts();
  expect(takeReports()).toEqual([expect.any(TypeError)]);
  expect(network.server.received).toEqual(['a', 'b']);
});

test('a list of subscriptions that throws while it is read is reported, and what came before is sent (fault 58)', async () => {
  const error = new Error('no more');
  const subscribe = function* (): Generator<string> {
    yield 'a';
    throw error;
  };
  const { connection, network } = simulateOpen({
    topics: { of: () => null, subscribe: subscribe as never },
  });
  connection.onTopic('gold', ignore);
  await settle();
  expect(takeReports()).toEqual([error]);
  expect(network.server.received).toEqual(['a']);
});

describe('a topic that the server ends (fault 109)', () => {
  type Line = Tick & { ended?: string };
  const fragile = (options: ConnectionOptions<Line, unknown> = {}) => {
    const world = simulateOpen<Line, unknown>({
      codec: json<Line>(),
      topics: {
        of: (message) => message.topic,
        ended: (message) => message.ended,
        subscribe: (topics) => [{ subscribe: topics }],
        unsubscribe: (topics) => [{ unsubscribe: topics }],
      },
      ...options,
    });
    const { server } = world.network;
    return {
      ...world,
      ends: (topic: string) => server.sends(JSON.stringify({ topic, ended: topic })),
      /** Time passes. Returns the frames that have come since. */
      async after(ms: number) {
        const before = server.received.length;
        world.clock.advance(ms);
        await settle();
        return server.received.slice(before);
      },
    };
  };
  const gold = '{"subscribe":["gold"]}';

  test('is subscribed to again after the delay of the reconnect option, with others that wait', async () => {
    const { connection, ends, after, network } = fragile();
    const messages: unknown[] = [];
    connection.onTopic('gold', (message) => messages.push(message));
    connection.onTopic('iron', ignore);
    await settle();
    expect(network.server.received).toEqual(['{"subscribe":["gold","iron"]}']);
    ends('gold');
    ends('iron');
    // Still once.
    ends('gold');
    expect(await after(1_749)).toEqual([]);
    expect(await after(1)).toEqual(['{"subscribe":["gold","iron"]}']);
    network.server.sends(tick('gold'));
    expect(messages).toHaveLength(3);
  });

  test('the delay grows while it ends again and again, and starts anew after stableAfter', async () => {
    const { connection, ends, after } = fragile();
    connection.onTopic('gold', ignore);
    await settle();
    for (const delay of [1_750, 3_250, 6_250, 12_250, 15_250]) {
      ends('gold');
      expect(await after(delay - 1)).toEqual([]);
      expect(await after(1)).toEqual([gold]);
    }
    await after(5_000);
    ends('gold');
    expect(await after(1_750)).toEqual([gold]);
  });

  test('is not subscribed to again without a listener, nor unsubscribed from', async () => {
    const { connection, ends, after, clock } = fragile({
      reconnect: { minDelay: 5_000 },
      linger: 1_000,
    });
    const leave = connection.onTopic('gold', ignore);
    await settle();
    ends('gold');
    leave();
    expect(await after(1_000)).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
    expect(await after(60_000)).toEqual([]);
    connection.onTopic('gold', ignore);
    expect(await after(0)).toEqual([gold]);
  });

  test('a new listener does not shorten the delay', async () => {
    const { connection, ends, after } = fragile();
    connection.onTopic('gold', ignore);
    await settle();
    ends('gold');
    connection.onTopic('gold', ignore);
    expect(await after(1_749)).toEqual([]);
    expect(await after(1)).toEqual([gold]);
  });

  test('a new link subscribes to it at once, and once', async () => {
    const { connection, ends, after, network, clock } = fragile();
    connection.onTopic('gold', ignore);
    await settle();
    ends('gold');
    connection.reconnect();
    network.server.accepts();
    expect(network.server.received).toEqual([gold]);
    await after(60_000);
    expect(network.server.received).toEqual([gold]);
    connection.close();
    clock.advance(3_000);
    expect(clock.pendingTimers).toBe(0);
  });

  test('is left alone with reconnect: false, and after maxAttempts', async () => {
    const never = fragile({ reconnect: false });
    never.connection.onTopic('gold', ignore);
    await settle();
    never.ends('gold');
    expect(await never.after(60_000)).toEqual([]);

    const once = fragile({ reconnect: { maxAttempts: 1 } });
    once.connection.onTopic('gold', ignore);
    await settle();
    once.ends('gold');
    expect(await once.after(1_750)).toEqual([gold]);
    once.ends('gold');
    expect(await once.after(60_000)).toEqual([]);
  });

  test('a topic that is not subscribed to cannot end, and a policy for links is not asked', async () => {
    const shouldReconnect = vi.fn(() => 0);
    const { connection, ends, after } = fragile({ reconnect: { shouldReconnect } });
    connection.onTopic('gold', ignore);
    await settle();
    ends('iron');
    ends('gold');
    expect(await after(1_750)).toEqual([gold]);
    expect(shouldReconnect).not.toHaveBeenCalled();
  });

  test('an error of topics.ended is an error event', () => {
    const { connection, network, log } = simulateOpen({
      topics: {
        of: () => null,
        ended() {
          throw new RangeError('no');
        },
      },
    });
    connection.onTopic('gold', ignore);
    network.server.sends('x');
    expect(log).toContain('error RangeError');
  });
});
