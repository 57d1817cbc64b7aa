import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, vi } from 'vitest';
import { partLimits } from '../../../src/server/limits/parts.ts';
import type { Visitor } from '../../support/server/visitor.ts';
import { test } from '../fixtures.ts';

const sendPart = ({ socket }: Visitor, part: string, fin = false) => socket.send(part, { fin });

test('the limits of parts grow with maxPayload, between those for 64 KiB and those of ws (fault 90)', () => {
  expect(partLimits(1)).toEqual({ maxFragments: 128, maxBufferedChunks: 1_024 });
  expect(partLimits(65_536)).toEqual({ maxFragments: 128, maxBufferedChunks: 1_024 });
  expect(partLimits(1_048_576)).toEqual({ maxFragments: 2_048, maxBufferedChunks: 16_384 });
  expect(partLimits(2 ** 30)).toEqual({ maxFragments: 16_384, maxBufferedChunks: 262_144 });
});

describe('a message in fragments', () => {
  test.for(['x', ''])(
    'closes its connection with 1008 at its 129th fragment of %j, and is not delivered (fault 90)',
    async (part, { start }) => {
      const { server, visit } = await start({});
      const heard: unknown[] = [];
      const codes: unknown[] = [];
      server.on('message', (_client, data) => heard.push(data));
      server.on('disconnection', (_client, code, reason) => codes.push([code, reason]));
      const [ada, grace] = [await visit(), await visit()];
      sendPart(ada, 'first');
      for (let n = 2; n <= 127; n++) sendPart(ada, part);
      sendPart(ada, 'last', true);
      await ada.roundTrip();
      expect(heard).toEqual([`first${part.repeat(126)}last`]);
      for (let n = 1; n <= 5_000; n++) sendPart(ada, part);
      expect((await ada.closed)[0]).toBe(1008);
      await vi.waitFor(() => expect(codes).toEqual([[1008, 'Too many message fragments']]));
      await grace.roundTrip();
      expect(heard).toHaveLength(1);
    },
  );

  test('closes its connection with 1008 if it is not complete within 60 s, in spite of pongs (fault 90)', async ({
    start,
  }) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { server, visit } = await start({});
    const [slow, steady] = [await visit(), await visit()];
    for (let second = 0; second <= 61; second++) {
      for (const visitor of [slow, steady]) visitor.socket.pong();
      if (second % 10 === 0) {
        sendPart(slow, 'x');
        // Each of its messages is complete in time, though one is always in hand.
        if (second > 0) sendPart(steady, 'end', true);
        sendPart(steady, 'begin');
      }
      // oxlint-disable-next-line no-await-in-loop -- one second after another
      await delay(5);
      vi.advanceTimersByTime(1_000);
    }
    vi.useRealTimers();
    expect(await slow.closed).toEqual([1008, 'A message was not complete in time.']);
    expect([...server.clients].filter(({ socket }) => socket.readyState === 1)).toHaveLength(1);
    expect(steady.socket.readyState).toBe(steady.socket.OPEN);
  });

  test('closes its connection if one frame of it is not complete within 60 s (fault 90)', async ({
    start,
  }) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { visit } = await start({});
    const ada = await visit('/', { autoPong: false });
    const { _socket: raw } = ada.socket as unknown as { _socket: { write(data: Buffer): void } };
    // The header says 60,000 bytes; one comes each second.
    raw.write(Buffer.from([0x81, 0xfe, 0xea, 0x60, 1, 2, 3, 4]));
    for (let second = 0; second <= 62; second++) {
      raw.write(Buffer.from([0]));
      // oxlint-disable-next-line no-await-in-loop -- one second after another
      await delay(5);
      vi.advanceTimersByTime(1_000);
    }
    vi.useRealTimers();
    expect((await ada.closed)[0]).toBe(1006);
  });
});
