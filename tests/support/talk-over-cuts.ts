import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type DropReason, type OutFrame, RequestError, requests } from '../../src/core.ts';
import { confirmed } from '../../src/delivery.ts';
import { connectWith } from './recorded-connection.ts';
import { startTcpProxy } from './tcp-proxy.ts';

const connect = connectWith(WebSocket);
const patient = { timeout: 10_000, interval: 20 };

/** A server that speaks delivery. Its clients are subscribed to one topic, and it refuses requests that end with 7. */
interface TalkServer {
  readonly port: number;
  /** Says a text in the topic. */
  publish(text: string): void;
  random(this: void): number;
}

/** What both ends say in {@link talkOverCuts}. */
const [COUNT, CUTS] = [400, 40];

const texts = (count: number, name: string) => Array.from({ length: count }, (_, n) => name + n);

/** What became of a talk in which nothing was lost, nothing came twice, and all was in order. */
export const nothingLost = {
  /** What the server has handled, and which requests it has run. */
  handled: texts(COUNT, 'up '),
  runs: texts(COUNT / 4, 'ask '),
  messages: texts(COUNT, 'down '),
  confirmed: texts(COUNT, 'up '),
  answers: texts(COUNT / 4, 'ask ').map((ask) =>
    ask.endsWith('7') ? 'refused: no sevens' : `reply to ${ask}`,
  ),
  told: [],
  wasCut: true,
} as const;

/** A client and a server talk and ask, while every link is cut after some bytes. Returns what the client knows of it. */
export async function talkOverCuts({ port, publish, random }: TalkServer) {
  const proxy = await startTcpProxy(port);
  onTestFinished(() => proxy.stops());
  const told: (readonly [string, ...unknown[]])[] = [];
  const confirmations: OutFrame[] = [];
  const connection = connect({
    url: `${proxy.url}ada`,
    delivery: confirmed(),
    heartbeat: { interval: 200, timeout: 5_000 },
    onConfirm: (messages) => confirmations.push(...messages),
    onGap: (topics) => told.push(['gap', topics]),
    onUncertain: (messages) => told.push(['uncertain', messages]),
    onFailed: (messages) => told.push(['failed', messages]),
    onDrop: (messages: OutFrame[], reason: DropReason) => told.push(['drop', reason, messages]),
    onError: (error) => told.push(['error', error]),
  });
  const request = connection.extend(requests);
  const replies: Promise<unknown>[] = [];
  await vi.waitUntil(() => connection.getSnapshot().status === 'open', patient);
  for (let n = 0; n < COUNT; n++) {
    if (n % (COUNT / CUTS) === 0) await proxy.cutsAfter(Math.floor(random() * 2_000));
    connection.send(`up ${n}`);
    publish(`down ${n}`);
    if (n % 4 === 0) replies.push(request(`ask ${n / 4}`).catch((error: unknown) => error));
    await delay(5);
  }
  await proxy.passes();

  await vi.waitUntil(() => connection.outbox.length === 0, patient);
  const answers = (await Promise.all(replies)).map(textOf);
  // What is missing then, is told better by a comparison.
  await vi.waitUntil(() => connection.messages.length >= COUNT, patient).catch(() => {});
  return {
    messages: connection.messages,
    // The requests are confirmed, too.
    confirmed: confirmations.filter(
      (message) => typeof message === 'string' && message.startsWith('up '),
    ),
    answers,
    told,
    wasCut: connection.causes.length > CUTS / 4,
  };
}

/** A reply, or why there is none. */
const textOf = (answer: unknown) =>
  answer instanceof RequestError ? `${answer.reason}: ${String(answer.cause)}` : answer;
