import { describe, expect, test } from 'vitest';
import { settle } from '../../support/simulation/world.ts';
import { takeReports } from '../../support/reports.ts';
import { ANSWER, sent, simulateSession, simulateSessionOpen } from './companion.ts';

const taken = (number: number, failed?: unknown) => ({ lifeline: 'taken', number, failed });

describe('a session', () => {
  test('begins with the first frame of a link, and nothing else goes out before the answer', async () => {
    const world = simulateSession();
    world.connection.send('early');
    world.connection.open();
    const words = world.accepts();
    expect(words).toEqual({
      lifeline: 'session',
      outbox: expect.stringMatching(/^[0-9a-f]{32}$/),
      next: 1,
    });
    expect(world.received()).toHaveLength(2);
    expect(world.connection.getSnapshot().status).toBe('connecting');
    world.says(ANSWER);
    await settle();
    expect(world.connection.getSnapshot().status).toBe('open');
    expect(sent(world)).toEqual(['early']);
  });

  test('comes before the handshake of the application, whose frames are not counted', async () => {
    const world = simulateSession({
      handshake: async ({ send, receive }) => {
        send('login');
        await receive();
      },
    });
    world.connection.send('one');
    world.connection.open();
    await world.resumes();
    expect(sent(world)).toEqual(['{"lifeline":"uncounted"}\nlogin']);
    world.network.server.sends('welcome');
    await settle();
    expect(sent(world)).toEqual(['{"lifeline":"uncounted"}\nlogin', 'one']);
  });

  test('that the server cannot begin at once is waited for (D5)', async () => {
    const world = simulateSession();
    world.connection.open();
    world.accepts();
    world.says({ lifeline: 'wait' });
    world.says({ lifeline: 'pong', timestamp: 1 });
    await settle();
    expect(world.connection.getSnapshot().status).toBe('connecting');
    world.says(ANSWER);
    await settle();
    expect(world.connection.getSnapshot().status).toBe('open');
    expect(world.told).toEqual([]);
  });

  test('tells the token and the epoch of the last answer from then on', async () => {
    const world = await simulateSessionOpen();
    world.breaks();
    expect(await world.resumes({ epoch: 'one' })).toMatchObject({ token: ANSWER.token, next: 1 });
    world.breaks();
    expect(world.accepts()).toMatchObject({ epoch: 'one' });
  });
});

describe('what was sent', () => {
  test('is in the outbox as sent until it is confirmed', async () => {
    const world = await simulateSessionOpen();
    expect(world.connection.send('one')).toBe('sent');
    expect(world.connection.outbox).toEqual([
      { message: 'one', state: 'sent', since: world.clock.wall() },
    ]);
    expect(world.connection.outbox).toBe(world.connection.outbox);
    world.says(taken(1));
    expect(world.connection.outbox).toEqual([]);
    expect(world.told).toEqual(['confirm one']);
  });

  test('is confirmed when the link comes back, and not sent again, if the server had taken it (D1)', async () => {
    const world = await simulateSessionOpen();
    for (const message of ['one', 'two', 'three']) world.connection.send(message);
    world.says(taken(1));
    world.breaks();
    expect(await world.resumes({ taken: 3 })).toMatchObject({ next: 2 });
    expect(sent(world)).toEqual([]);
    expect(world.told).toEqual(['confirm one', 'close 1006', 'confirm two,three']);
  });

  test('is sent again, once and in order, if it had not, before what is new (D2, D53, D60)', async () => {
    const world = await simulateSessionOpen();
    for (const message of ['one', 'two', 'three']) world.connection.send(message);
    world.breaks();
    world.connection.send('four');
    await world.resumes({ taken: 2 });
    expect(sent(world)).toEqual(['three', 'four']);
    world.says(taken(4));
    expect(world.told).toEqual(['close 1006', 'confirm one,two', 'confirm three,four']);
  });

  test('is sent again as the codec of the new link encodes it (fault 120)', async () => {
    let codecs = 0;
    const world = await simulateSessionOpen({
      codec: () => {
        const number = ++codecs;
        return { encode: (message) => `${number}:${message as string}`, decode: (frame) => frame };
      },
    });
    world.connection.send('one');
    expect(sent(world)).toEqual(['1:one']);
    world.breaks();
    await world.resumes({ taken: 0 });
    expect(sent(world)).toEqual(['2:one']);
  });

  test('keeps to the window, also if the codec of the new link makes longer frames (fault 170)', async () => {
    let codecs = 0;
    const world = await simulateSessionOpen({
      codec: () => {
        const length = codecs++ === 0 ? 1 : 8;
        return {
          encode: (message) => (message as string).repeat(length),
          decode: (frame) => frame,
        };
      },
    });
    for (const message of ['1', '2', '3']) world.connection.send(message);
    world.breaks();
    world.connection.send('4');
    await world.resumes({ taken: 0, bytes: 20, largest: 10 });
    expect(sent(world)).toEqual(['11111111', '22222222']);
    world.says(taken(1));
    expect(sent(world).slice(2)).toEqual(['33333333']);
    world.says(taken(3));
    expect(sent(world).slice(3)).toEqual(['44444444']);
  });

  test('is uncertain if the codec of the new link refuses it, and what is behind it goes out (fault 157)', async () => {
    let codecs = 0;
    const world = await simulateSessionOpen({
      codec: () => {
        const isFirst = codecs++ === 0;
        return {
          encode(message) {
            if (!isFirst && message === 'one') throw new Error('Not any more.');
            return message;
          },
          decode: (frame) => frame,
        };
      },
    });
    world.connection.send('one');
    world.connection.send('two');
    world.breaks();
    await world.resumes();
    world.connection.send('three');
    expect(sent(world)).toEqual(['{"lifeline":"skip","count":1}', 'two', 'three']);
    expect(world.told).toEqual(['close 1006', 'uncertain one', 'error Not any more.']);
  });

  test('is uncertain if it is too large for the server of the new link, and what is behind it goes out (fault 157)', async () => {
    const world = await simulateSessionOpen();
    world.connection.send('12345678901');
    world.connection.send('two');
    world.breaks();
    await world.resumes({ largest: 10 });
    expect(sent(world)).toEqual(['{"lifeline":"skip","count":1}', 'two']);
    expect(world.told.slice(1)).toEqual([
      'uncertain 12345678901',
      expect.stringContaining('error A message has 11 bytes, and the server takes at most 10'),
    ]);
  });

  test('goes on although the option delivery is changed or taken away, which has no effect (fault 158)', async () => {
    const world = await simulateSessionOpen();
    world.connection.send('one');
    world.connection.update({ delivery: undefined });
    world.breaks();
    expect(await world.resumes()).toMatchObject({ next: 1 });
    expect(sent(world)).toEqual(['one']);
  });

  test('is uncertain when a handler closes the connection and opens it again at once (fault 161)', async () => {
    const world = await simulateSessionOpen();
    world.connection.send('one');
    const remove = world.connection.on('open', () => {
      remove();
      world.connection.close();
      world.connection.open();
    });
    world.network.server.breaks();
    world.connection.send('two');
    world.nextAttempt();
    await world.resumes();
    expect(world.connection.outbox).toEqual([]);
    world.nextAttempt();
    await world.resumes();
    expect(sent(world)).toEqual([]);
    expect(world.told.toSorted()).toEqual([
      'close 1006',
      'close requested',
      'drop two closed',
      'uncertain one',
    ]);
  });

  test('is sent again as it was, though the application has used its buffer for another message (fault 128)', async () => {
    const world = await simulateSessionOpen();
    const buffer = new Uint8Array([1, 2]);
    world.connection.send(buffer);
    buffer.fill(9);
    world.breaks();
    await world.resumes();
    const again = world.network.server.received.at(-1) as ArrayBuffer;
    expect(new Uint8Array(again)).toEqual(new Uint8Array([1, 2]));
  });

  test('is uncertain, and skipped, if the server has forgotten the session (D6)', async () => {
    const world = await simulateSessionOpen();
    for (const message of ['one', 'two', 'three']) world.connection.send(message);
    world.says(taken(1));
    world.breaks();
    world.connection.send('four');
    await world.resumes({ taken: 1, known: false });
    expect(sent(world)).toEqual(['{"lifeline":"skip","count":2}', 'four']);
    expect(world.told).toEqual(['confirm one', 'close 1006', 'uncertain two,three']);
    world.says(taken(4));
    expect(world.told.at(-1)).toBe('confirm four');
  });

  test('is uncertain if it is withdrawn, and its number is skipped on the next link (D7)', async () => {
    const world = await simulateSessionOpen();
    const abort = new AbortController();
    world.connection.send('one');
    world.connection.send('two', { signal: abort.signal });
    world.connection.send('three');
    abort.abort();
    world.breaks();
    await world.resumes({ taken: 0 });
    expect(sent(world)).toEqual(['one', '{"lifeline":"skip","count":1}', 'three']);
    world.says(taken(3));
    expect(world.told).toEqual(['uncertain two', 'close 1006', 'confirm one,three']);
  });

  test('that fills the window with others makes room at once if all of them are uncertain (D65) (fault 124)', async () => {
    const world = await simulateSessionOpen();
    for (let n = 1; n <= 257; n++) world.connection.send(String(n));
    world.breaks();
    world.told.length = 0;
    await world.resumes({ known: false });
    expect(world.told).toEqual([expect.stringMatching(/^uncertain 1,2,.*,256$/)]);
    expect(sent(world)).toEqual(['{"lifeline":"skip","count":256}']);
    world.says(taken(256));
    expect(sent(world)).toEqual(['{"lifeline":"skip","count":256}', '257']);
  });

  test('leaves its number free if it is withdrawn before (D8)', async () => {
    const world = await simulateSessionOpen();
    const abort = new AbortController();
    world.breaks();
    world.connection.send('one', { signal: abort.signal });
    world.connection.send('two');
    abort.abort();
    await world.resumes();
    expect(sent(world)).toEqual(['two']);
    expect(world.told).toEqual(['close 1006', 'drop one aborted']);
  });

  test('is kept for 12 hours at most, since the server forgets the number after a day', async () => {
    const world = await simulateSessionOpen();
    world.connection.send('one');
    world.network.server.goesSilent();
    world.clock.advance(43_200_000);
    expect(world.told).toContain('uncertain one');
  });

  test('is told as failed with the reason, also if the link had died before (D15)', async () => {
    const world = await simulateSessionOpen();
    for (const message of ['one', 'two', 'three']) world.connection.send(message);
    world.says(taken(1, [[1, 'too long']]));
    world.breaks();
    await world.resumes({ taken: 3, failed: [[3, null]] });
    expect(world.told).toEqual([
      'failed one too long',
      'close 1006',
      'confirm two',
      'failed three ',
    ]);
    expect(world.connection.outbox).toEqual([]);
  });

  test('comes again with the same number after 1013 (D16)', async () => {
    const world = await simulateSessionOpen();
    world.connection.send('one');
    world.network.server.closesWith(1013);
    world.nextAttempt();
    await world.resumes({ taken: 0 });
    expect(sent(world)).toEqual(['one']);
  });

  test('does not exceed the window of the server (D13)', async () => {
    const world = simulateSession();
    world.connection.open();
    await world.resumes({ messages: 2 });
    for (const message of ['one', 'two', 'three', 'four', 'five']) world.connection.send(message);
    expect(sent(world)).toEqual(['one', 'two']);
    expect(world.connection.outbox.map(({ state }) => state)).toEqual([
      'sent',
      'sent',
      'waiting',
      'waiting',
      'waiting',
    ]);
    world.says(taken(1));
    expect(sent(world)).toEqual(['one', 'two', 'three']);
    world.says(taken(3));
    expect(sent(world)).toEqual(['one', 'two', 'three', 'four', 'five']);
  });

  test('goes out although the server says once more what was taken long before (fault 172)', async () => {
    const world = simulateSession();
    world.connection.open();
    await world.resumes({ messages: 2 });
    for (const text of ['a', 'b']) world.connection.send(text);
    for (const number of [2, 1]) world.says(taken(number));
    for (const text of ['c', 'd']) world.connection.send(text);
    expect(sent(world)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('does not exceed a window that is smaller on the next link', async () => {
    const world = await simulateSessionOpen();
    for (const message of ['one', 'two', 'three']) world.connection.send(message);
    world.breaks();
    world.connection.send('four');
    await world.resumes({ messages: 1 });
    expect(sent(world)).toEqual(['one']);
    for (const number of [1, 2, 3]) world.says(taken(number));
    expect(sent(world)).toEqual(['one', 'two', 'three', 'four']);
  });

  test('does not exceed the bytes that may be on their way', async () => {
    const world = simulateSession();
    world.connection.open();
    await world.resumes({ bytes: 20, largest: 10 });
    for (const message of ['1234567890', '12345', '678901', '7']) world.connection.send(message);
    expect(sent(world)).toEqual(['1234567890', '12345']);
    world.says(taken(1));
    expect(sent(world)).toEqual(['1234567890', '12345', '678901', '7']);
  });

  test('is refused if the server would not take so large a frame (D23)', async () => {
    const world = simulateSession();
    world.connection.send('x'.repeat(11));
    world.connection.open();
    await world.resumes({ largest: 10 });
    expect(() => world.connection.send('ä'.repeat(6))).toThrow(
      'A message has 12 bytes, and the server takes at most 10: send it in parts, or raise the maxPayload of the server.',
    );
    world.connection.send('one');
    expect(sent(world)).toEqual(['one']);
    expect(world.told[0]).toBe('drop xxxxxxxxxxx refused');
    expect(world.told[1]).toContain('error A message has 11 bytes');
  });
});

describe('what is not counted', () => {
  test('has a header: queue: false, open handlers and subscriptions', async () => {
    const world = simulateSession({
      topics: { of: () => null, subscribe: (topics) => topics.map((topic) => `+${topic}`) },
      onOpen: (_, { send }) => void send('hello'),
    });
    world.connection.onTopic('room', () => {});
    world.connection.send('one');
    world.connection.open();
    await world.resumes();
    world.connection.send('now', { queue: false });
    expect(sent(world)).toEqual([
      '{"lifeline":"uncounted"}\nhello',
      '{"lifeline":"uncounted"}\n+room',
      'one',
      '{"lifeline":"uncounted"}\nnow',
    ]);
    expect(world.connection.outbox.map(({ message }) => message)).toEqual(['one']);
  });
});

test('what is not counted is refused, too, if the server would not take so large a frame with its header (fault 165)', async () => {
  const world = simulateSession();
  world.connection.open();
  await world.resumes({ largest: 30 });
  const send = (text: string) => world.connection.send(text, { queue: false });
  expect(send('12345')).toBe('sent');
  expect(() => send('123456')).toThrow('A message has 31 bytes, and the server takes at most 30');
  expect(sent(world)).toEqual(['{"lifeline":"uncounted"}\n12345']);
});

describe('a payload that looks like a frame of ours', () => {
  test.each(['ping', 'pong', '{"lifeline":"leave"}', '\uFEFF{"lifeline":"leave"}'])(
    'has a header, in both directions (D20, D49): %s',
    async (payload) => {
      const world = await simulateSessionOpen({ heartbeat: true });
      world.connection.send(payload);
      world.says({ lifeline: 'message' }, payload);
      expect(sent(world)).toEqual([`{"lifeline":"message"}\n${payload}`]);
      expect(world.told).toEqual([`message ${payload}`]);
    },
  );

  test('has one in binary, too', async () => {
    const world = await simulateSessionOpen();
    const bytes = new TextEncoder().encode('{"lifeline":"topic"}');
    world.connection.send(bytes);
    world.connection.send(new Uint8Array([1, 2]));
    const [first, second] = world.network.server.received.slice(-2) as [ArrayBuffer, ArrayBuffer];
    expect(Buffer.from(first).toString()).toBe('{"lifeline":"message"}\n{"lifeline":"topic"}');
    expect(new Uint8Array(second)).toEqual(new Uint8Array([1, 2]));
    const heard: unknown[] = [];
    world.connection.on('message', (message) => heard.push(message));
    world.network.server.sends(first);
    expect(Buffer.from(heard[0] as ArrayBuffer).toString()).toBe('{"lifeline":"topic"}');
  });

  test('is the application’s before the answer has come, if it is binary (D57)', async () => {
    const world = simulateSession();
    world.connection.open();
    world.accepts();
    world.network.server.sends(
      new TextEncoder().encode('{"lifeline":"topic","topic":"a","number":1}\nx').buffer,
    );
    world.says(ANSWER);
    await settle();
    expect(world.told).toEqual(['message binary']);
  });
});

describe('counts', () => {
  test('go with each ping, also with the plain heartbeat, whose pong is ours then', async () => {
    const world = await simulateSessionOpen({ heartbeat: { interval: 1_000, timeout: 1_000 } });
    world.connection.send('one');
    world.clock.advance(150);
    const ping = JSON.parse(sent(world).at(-1) ?? '');
    expect(ping).toEqual({ lifeline: 'ping', timestamp: expect.any(Number), sent: 1 });
    world.clock.advance(50);
    world.says({ lifeline: 'pong', timestamp: ping.timestamp });
    expect(world.connection.getSnapshot().latency).toBe(100);
    expect(world.told).toEqual([]);
  });

  test('that differ end the session: another outbox, and what was not confirmed is uncertain (D14)', async () => {
    const world = await simulateSessionOpen();
    const { outbox } = JSON.parse(world.received()[0] ?? '');
    world.connection.send('one');
    world.says({ lifeline: 'miscount', sent: 1, received: 0 });
    expect(world.told).toEqual([
      'close DeliveryError',
      'uncertain one',
      expect.stringContaining('error The server has received other frames'),
    ]);
    world.connection.send('two');
    world.nextAttempt();
    const words = await world.resumes({ known: false });
    expect(words).toMatchObject({ next: 1 });
    expect(words.outbox).not.toBe(outbox);
    expect(sent(world)).toEqual(['two']);
  });

  test.each([
    ['while the link is open', { lifeline: 'taken', number: 2 }],
    ['by the answer', { ...ANSWER, taken: 2 }],
  ])('of what was never sent begin another outbox (D59): %s', async (_, words) => {
    const world = await simulateSessionOpen();
    const { outbox } = JSON.parse(world.received()[0] ?? '');
    world.connection.send('one');
    if (!('number' in words)) {
      world.breaks();
      world.accepts();
    }
    world.says(words);
    expect(world.told).toContain('uncertain one');
    expect(world.told.join()).toContain(
      'error The server has confirmed messages that were never sent',
    );
    world.nextAttempt();
    expect(world.accepts().outbox).not.toBe(outbox);
  });
});

describe('a session that goes on elsewhere', () => {
  const replaced = async (world: Awaited<ReturnType<typeof simulateSessionOpen>>) => {
    world.network.server.closesWith(4409);
    world.nextAttempt();
    return world.resumes();
  };

  test('is tried once more, as it may have been a late link of our own (D50)', async () => {
    const world = await simulateSessionOpen();
    const { outbox } = JSON.parse(world.received()[0] ?? '');
    world.connection.send('one');
    expect(await replaced(world)).toMatchObject({ outbox, next: 1 });
    expect(world.told).toEqual(['close 4409']);
    expect(sent(world)).toEqual(['one']);
    world.clock.advance(61_000);
    expect((await replaced(world)).outbox).toBe(outbox);
  });

  test('gives way to another outbox the second time within a minute (D12)', async () => {
    const world = await simulateSessionOpen();
    const { outbox } = JSON.parse(world.received()[0] ?? '');
    world.connection.send('one');
    await replaced(world);
    const words = await replaced(world);
    expect(words.outbox).not.toBe(outbox);
    expect(world.told).toContain('uncertain one');
  });
});

describe('whose messages they are', () => {
  test('another identity gets nothing of the outbox (D21)', async () => {
    const world = simulateSession();
    world.connection.open();
    await world.resumes({ token: undefined, id: 'ada' });
    world.connection.send('one');
    world.breaks();
    world.connection.send('two');
    expect((await world.resumes({ token: undefined, id: 'bob', known: false })).id).toBe('ada');
    expect(sent(world)).toEqual([]);
    expect(world.told).toEqual(['close 1006', 'uncertain one', 'drop two scope']);
    world.connection.send('three');
    expect(sent(world)).toEqual(['{"lifeline":"skip","count":1}', 'three']);
  });

  test('another identity whose news make a handler change the scope begins another outbox (D75) (fault 132)', async () => {
    const world = simulateSession({ scope: 'a' });
    world.connection.open();
    await world.resumes({ token: undefined, id: 'ada' });
    world.connection.send('one');
    world.breaks();
    world.connection.send('two');
    world.connection.on('drop', () => world.connection.update({ scope: 'b' }));
    await world.resumes({ token: undefined, id: 'bob', taken: 1 });
    world.connection.send('three');
    const words = await world.resumes({ token: undefined, id: 'bob', known: false });
    expect(words.next).toBe(1);
    expect(sent(world)).toEqual(['three']);
    world.says({ lifeline: 'taken', number: 1 });
    expect(world.told.at(-1)).toBe('confirm three');
    expect(world.told.filter((told) => told.startsWith('error'))).toEqual([]);
  });

  test('a server that takes larger frames than its window takes small ones at once (D76) (fault 133)', async () => {
    const world = simulateSession();
    world.connection.open();
    await world.resumes({ bytes: 1_000, largest: 100_000 });
    for (const message of ['one', 'two', 'x'.repeat(999), 'four']) world.connection.send(message);
    expect(sent(world)).toEqual(['one', 'two']);
    expect(world.connection.send('now or never', { queue: false })).toBe('dropped');
    world.says({ lifeline: 'taken', number: 2 });
    expect(sent(world).slice(2)).toEqual(['x'.repeat(999)]);
    world.says({ lifeline: 'taken', number: 3 });
    expect(sent(world).slice(3)).toEqual(['four']);
    expect(world.connection.send('now or never', { queue: false })).toBe('sent');
  });

  test('another scope gets nothing of it, and not the token (D22)', async () => {
    const world = await simulateSessionOpen({ scope: 'a' });
    const { outbox } = JSON.parse(world.received()[0] ?? '');
    world.connection.send('one');
    world.connection.update({ scope: 'b' });
    world.connection.send('two');
    const words = await world.resumes({ known: false });
    expect(words).not.toHaveProperty('token');
    expect(words.outbox).not.toBe(outbox);
    expect(sent(world)).toEqual(['two']);
    expect(world.told).toEqual(['close requested', 'uncertain one']);
  });

  test('close() empties it, and a refusal does not', async () => {
    const world = await simulateSessionOpen();
    world.connection.send('one');
    world.network.server.closesWith(4401);
    world.clock.advance(2_000);
    world.network.server.accepts();
    world.network.server.closesWith(4401);
    expect(world.connection.getSnapshot().status).toBe('closed');
    expect(world.connection.outbox).toHaveLength(1);
    world.connection.open();
    await world.resumes({ taken: 0 });
    expect(sent(world)).toEqual(['one']);
    world.connection.close();
    expect(world.told.at(-1)).toBe('uncertain one');
    expect(world.connection.outbox).toEqual([]);
  });
});

describe('a server without sessions', () => {
  const answersOnlyThePing = async (world: ReturnType<typeof simulateSession>) => {
    world.accepts();
    world.says({ lifeline: 'pong', timestamp: 1 });
    await settle();
  };

  test('is used plainly, and an error says so (D18)', async () => {
    const world = simulateSession();
    world.connection.open();
    await answersOnlyThePing(world);
    world.connection.send('ping');
    expect(sent(world)).toEqual(['ping']);
    expect(world.connection.outbox).toEqual([]);
    expect(world.told).toEqual([expect.stringContaining('error The server knows no sessions')]);
    world.network.server.sends('hello');
    expect(world.told.at(-1)).toBe('message hello');
  });

  test('is a failed attempt while something is not confirmed (D18)', async () => {
    const world = await simulateSessionOpen();
    world.connection.send('one');
    world.breaks();
    await answersOnlyThePing(world);
    expect(world.connection.getSnapshot().status).toBe('reconnecting');
    expect(world.connection.outbox).toHaveLength(1);
    expect(takeReports()).toEqual([]);
  });
});

test('the question names the first number that is not confirmed', async () => {
  const world = await simulateSessionOpen();
  for (const message of ['one', 'two', 'three']) world.connection.send(message);
  world.says({ lifeline: 'taken', number: 1 });
  world.breaks();
  expect(await world.resumes({ taken: 3 })).toMatchObject({ next: 2 });
  world.breaks();
  expect(await world.resumes({ taken: 3 })).toMatchObject({ next: 4 });
});
