/**
 * The figures of the defaults over a real network. With `SOAK` in the environment in real time, for two minutes. Without,
 * on a clock that runs 30 times as fast, which also multiplies every delay of the machine by 30.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { reaches } from '../support/reaches.ts';
import { connectWith } from '../support/recorded-connection.ts';
import { test } from './fixtures.ts';

const SPEED = process.env.SOAK ? 1 : 30;
/** How late timers may be, in milliseconds. */
const LATE = process.env.SOAK ? 100 : 500 * SPEED;

const now = () => performance.now() * SPEED;
const clock = {
  now,
  wall: () => performance.timeOrigin + now(),
  setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms / SPEED),
};
const passes = (ms: number) => delay(ms / SPEED);
const connect = connectWith(WebSocket);
const options = { timeout: 120_000 / SPEED + 10_000 };

test(
  'a handshake that is never answered is given up within 10.1 s (fault 1)',
  options,
  async ({ proxy, annotate }) => {
    await proxy.neverAnswers();
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
  'a server that closes every link at once gets at most 15 connections in 60 s (fault 11)',
  options,
  async ({ server, annotate }) => {
    await server.closesNewLinks(1001);
    const connection = connect({ url: server.url, clock, reconnect: true });
    await passes(60_000);
    const { ever } = await server.report();
    await annotate(`${ever} connections in 60 s`);
    expect(ever).toBeGreaterThan(2);
    expect(ever).toBeLessThanOrEqual(15);
    expect(connection.statuses).toContain('open');
  },
);

test('a half-open link is noticed within 35 s (fault 21)', options, async ({ proxy, annotate }) => {
  const connection = connect({ url: proxy.url, clock, heartbeat: true, reconnect: true });
  await reaches(connection, ({ latency }) => latency !== null);
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
