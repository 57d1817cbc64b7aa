import { expect, test, vi } from 'vitest';
import { sweep } from '../../../src/server/clients/sweeper.ts';

const patience = { pingInterval: 25_000, timeout: 60_000 };

const client = () => ({
  isOpen: true,
  heardAt: 0,
  pingedAt: 0,
  closingSince: null,
  slowSince: null,
  socket: { bufferedAmount: 0, ping: vi.fn<() => void>(), terminate: vi.fn<() => void>() },
});

/** Looks once a second, from the first to the last one, and returns when it pinged and when it first terminated. */
function look(swept: ReturnType<typeof client>, from: number, to: number) {
  const pings: number[] = [];
  for (let second = from; second <= to; second++) {
    swept.socket.ping.mockImplementation(() => void pings.push(second));
    sweep(swept, second * 1_000, patience);
    if (swept.socket.terminate.mock.calls.length > 0) return { pings, end: second };
  }
  return { pings, end: null };
}

test('pings every 25 s, and ends who was silent for more than 60 s', () => {
  expect(look(client(), 1, 100)).toEqual({ pings: [25, 50], end: 61 });
});

test('any sign of life counts from the look before it, so that nobody is ended too early', () => {
  const swept = client();
  look(swept, 1, 50);
  swept.heardAt = 50_000;
  expect(look(swept, 51, 200)).toEqual({ pings: [75, 100], end: 111 });
});

test('gives a closing handshake 3 s from the first look that sees it', () => {
  const swept = { ...client(), isOpen: false };
  expect(look(swept, 10, 20).end).toBe(13);
});

test('gives who does not read 5 s from the first look that sees over 1 MiB, anew each time', () => {
  const swept = client();
  swept.socket.bufferedAmount = 1_048_577;
  expect(look(swept, 1, 5).end).toBeNull();
  swept.socket.bufferedAmount = 1_048_576;
  swept.heardAt = 6_000;
  expect(look(swept, 6, 20).end).toBeNull();
  swept.socket.bufferedAmount = 1_048_577;
  expect(look(swept, 21, 40).end).toBe(26);
});
