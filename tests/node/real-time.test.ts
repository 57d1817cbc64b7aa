/**
 * The figures of the defaults over a real network. With `SOAK` in the environment in real time, two minutes of it;
 * without, on a clock that runs thirty times as fast, on which a delay of the machine counts for thirty.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { reaches } from '../support/reaches.ts';
import { storyteller } from '../support/wire-story.ts';
import { test } from './fixtures.ts';

const PACE = process.env.SOAK ? 1 : 30;
/** How late the machine may be, in milliseconds. */
const LATE = process.env.SOAK ? 100 : 500 * PACE;

const now = () => performance.now() * PACE;
const clock = {
  now,
  wall: () => performance.timeOrigin + now(),
  setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms / PACE),
};
const passes = (ms: number) => delay(ms / PACE);
const connect = storyteller(WebSocket);
const options = { timeout: 120_000 / PACE + 10_000 };

test(
  'fault 1: a handshake that is never answered is let go within 10.1 s',
  options,
  async ({ proxy, annotate }) => {
    await proxy.swallows();
    const from = now();
    const connection = connect({ url: proxy.url, clock, reconnect: true });
    const { cause } = await reaches(connection, 'reconnecting');
    const took = now() - from;
    await annotate(`Let go after ${Math.round(took)} ms`);
    expect(cause).toEqual({ kind: 'timeout', phase: 'connect' });
    expect(took).toBeGreaterThan(9_000);
    expect(took).toBeLessThanOrEqual(10_000 + LATE);
  },
);

test(
  'fault 11: a server that closes every link at once is met at most 15 times in 60 s',
  options,
  async ({ server, annotate }) => {
    await server.closesNewcomers(1001);
    const connection = connect({ url: server.url, clock, reconnect: true });
    await passes(60_000);
    const { ever } = await server.saw();
    await annotate(`${ever} connections in 60 s`);
    expect(ever).toBeGreaterThan(2);
    expect(ever).toBeLessThanOrEqual(15);
    expect(connection.statuses).toContain('open');
  },
);

test('fault 21: a half-open link is noticed within 35 s', options, async ({ proxy, annotate }) => {
  const connection = connect({ url: proxy.url, clock, heartbeat: true, reconnect: true });
  await reaches(connection, 'open');
  const from = now();
  await proxy.stalls();
  await passes(33_000);
  expect(connection.causes).toEqual([]);
  const { cause } = await reaches(connection, 'reconnecting');
  const took = now() - from;
  await annotate(`Noticed after ${Math.round(took)} ms`);
  expect(cause).toEqual({ kind: 'timeout', phase: 'heartbeat' });
  expect(took).toBeLessThanOrEqual(35_000 + LATE);
  await reaches(connection, 'open');
});
