import { expect, test, vi } from 'vitest';
import { checkClient } from '../../../src/server/clients/sweeper.ts';

const periods = { pingInterval: 25_000, timeout: 60_000 };

const createClient = () => ({
  isOpen: true,
  closedWith: null as readonly [code: number, reason: string] | null,
  lastFrameAt: 0,
  lastPingAt: 0,
  closingSince: null,
  backlog: null,
  inMessageSince: null as number | null,
  close: vi.fn<(code?: number, reason?: string) => void>(),
  socket: { bufferedAmount: 0, ping: vi.fn<() => void>(), terminate: vi.fn<() => void>() },
});

/** Checks once a second, from the first to the last one, and returns when it pinged and when it first terminated. */
function checkEachSecond(client: ReturnType<typeof createClient>, from: number, to: number) {
  const pings: number[] = [];
  for (let second = from; second <= to; second++) {
    client.socket.ping.mockImplementation(() => void pings.push(second));
    checkClient(client, second * 1_000, periods);
    if (client.socket.terminate.mock.calls.length > 0) return { pings, end: second };
  }
  return { pings, end: null };
}

test('a silent client gets a ping every 25 s and is terminated after more than 60 s', () => {
  expect(checkEachSecond(createClient(), 1, 100)).toEqual({ pings: [25, 50], end: 61 });
});

test('a sign of life restarts the 60 s, so that no client is terminated too early', () => {
  const client = createClient();
  checkEachSecond(client, 1, 50);
  client.lastFrameAt = 50_000;
  expect(checkEachSecond(client, 51, 200)).toEqual({ pings: [75, 100], end: 111 });
});

test('a closing handshake may take 3 s from the first check that sees it', () => {
  const client = { ...createClient(), isOpen: false };
  expect(checkEachSecond(client, 10, 20).end).toBe(13);
});

test('a client that does not read has 5 s from the first check that sees over 1 MiB, each time', () => {
  const client = createClient();
  client.socket.bufferedAmount = 1_048_577;
  expect(checkEachSecond(client, 1, 5).end).toBeNull();
  client.socket.bufferedAmount = 1_048_576;
  client.lastFrameAt = 6_000;
  expect(checkEachSecond(client, 6, 20).end).toBeNull();
  client.socket.bufferedAmount = 1_048_577;
  expect(checkEachSecond(client, 21, 40).end).toBe(26);
});
