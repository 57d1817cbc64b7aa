import { memo, type ReactElement, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { expect, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { createWebSocketHooks, json } from '../../src/index.ts';
import { test } from './fixtures.ts';

const TOPICS = 200;
const MESSAGES = 4_000;

/** The server sends numbers. A number is a message; its remainder is the topic. */
type Out = { subscribe: string[] };
const codec = json<number, Out>();
const of = (count: number) => String(count % TOPICS);
const { WebSocketProvider, useTopic, useMessage, useMessages, useWebSocket } = createWebSocketHooks(
  { codec, topics: { of, subscribe: (topics) => [{ subscribe: topics }] } },
);

const Status = () => <output aria-label="status">{useWebSocket().status}</output>;

interface TickerProps {
  readonly topic: string;
  readonly onRender: (topic: string, message: number | null) => void;
}

const Ticker = memo(function Ticker({ topic, onRender }: TickerProps): ReactElement {
  const message = useTopic(topic);
  onRender(topic, message);
  return <output data-topic={topic}>{message}</output>;
});

/** Listens to messages with all other hooks: a frame must still be parsed once only. */
function Others(): ReactElement {
  useMessage(() => {});
  useTopic('0', () => {});
  const { lastMessage } = useWebSocket();
  return (
    <output aria-label="others">{`${lastMessage} ${useMessages({ limit: 2 }).length}`}</output>
  );
}

const shown = () =>
  [...document.querySelectorAll<HTMLElement>('[data-topic]')].map(({ dataset, textContent }) => [
    dataset.topic,
    textContent,
  ]);

test('200 components with a topic each show their last of 4,000 messages, render for no other topic, and each message is parsed once', async ({
  server,
  annotate,
}) => {
  await server.stopsEchoing();
  const rendered = new Map<string, (number | null)[]>();
  const onRender = (topic: string, message: number | null) =>
    rendered.set(topic, [...(rendered.get(topic) ?? []), message]);
  const names = Array.from({ length: TOPICS }, (_, index) => String(index));
  const screen = await render(
    <WebSocketProvider url={server.url}>
      <Status />
      <Others />
      {[...names, 'a topic without messages'].map((topic) => (
        <Ticker key={topic} topic={topic} onRender={onRender} />
      ))}
    </WebSocketProvider>,
  );
  await expect.element(screen.getByLabelText('status')).toHaveTextContent('open');
  await expect.poll(() => server.heard()).toEqual(['{"subscribe":["0","1']);
  const parse = vi.spyOn(JSON, 'parse');

  await server.sendsNumbers(MESSAGES);
  const last = names.map((topic, index) => [topic, String(MESSAGES - TOPICS + index)]);
  await expect.poll(() => shown().slice(0, TOPICS)).toEqual(last);
  const parsed = parse.mock.calls.filter(([text]) => /^\d+$/.test(text)).length;
  parse.mockRestore();

  const renders = [...rendered.values()].flat().length - rendered.size;
  await annotate(
    `${renders} renders of ${TOPICS} components, and ${parsed} times JSON.parse, for ${MESSAGES} messages`,
  );
  expect(parsed).toBe(MESSAGES);
  for (const [topic, [first, ...messages]] of rendered) {
    // One render at the mount, and then only for messages of its own topic that it has not shown yet.
    expect(first).toBeNull();
    expect(messages.filter((message) => message === null || of(message) !== topic)).toEqual([]);
    expect(new Set(messages).size).toBe(messages.length);
  }
  expect(rendered.get('a topic without messages')).toEqual([null]);
});

test('200 topics are subscribed to again with one frame after a lost link', async ({ server }) => {
  await server.stopsEchoing();
  const screen = await render(
    <WebSocketProvider url={server.url} reconnect={{ minDelay: 50, baseDelay: 0 }}>
      <Status />
      {Array.from({ length: TOPICS }, (_, index) => (
        <Ticker key={index} topic={String(index)} onRender={() => {}} />
      ))}
    </WebSocketProvider>,
  );
  await expect.element(screen.getByLabelText('status')).toHaveTextContent(/^open$/);
  await expect.poll(async () => (await server.report()).frames).toBe(1);
  await server.terminates();
  await expect.poll(async () => (await server.report()).ever).toBe(2);
  await expect.element(screen.getByLabelText('status')).toHaveTextContent(/^open$/);
  await expect.poll(() => server.heard()).toEqual(['{"subscribe":["0","1', '{"subscribe":["0","1']);
});

const FEW = 10;
const MANY = 1_000;
const ROUNDS = 15;

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Compares the cost with few and with many topics, by the medians and by the smallest of all rounds. */
function compare(few: readonly number[], many: readonly number[], messages: number) {
  const us = (ms: number) => `${((ms / messages) * 1_000).toFixed(2)} µs`;
  const byMedian = median(many) / median(few);
  const byLeast = Math.min(...many) / Math.min(...few);
  const text =
    `${us(median(few))} a message with ${FEW} topics, ${us(median(many))} with ${MANY}: ` +
    `${byMedian.toFixed(2)} by the medians of ${ROUNDS} rounds, ${byLeast.toFixed(2)} by the smallest`;
  return { text, byLeast };
}

test('a message costs the same time with 10 topics and with 1,000', async ({
  server,
  annotate,
}) => {
  await server.stopsEchoing();
  let mount: (topics: number) => void = () => {};
  let socket: () => unknown = () => null;
  let heard = 0;
  let onHeard = () => {};

  function Board(): ReactElement {
    const [topics, setTopics] = useState(0);
    const { connection } = useWebSocket();
    useTopic('of all', () => {
      if (--heard === 0) onHeard();
    });
    useEffect(() => {
      mount = (count) => flushSync(() => setTopics(count));
      socket = () => connection.socket;
    }, [connection]);
    return (
      <>
        {Array.from({ length: topics }, (_, index) => (
          <Ticker key={index} topic={index === 0 ? 'of all' : String(index)} onRender={() => {}} />
        ))}
      </>
    );
  }
  const screen = await render(
    <WebSocketProvider url={server.url} linger={0} topics={{ of: () => 'of all' }}>
      <Status />
      <Board />
    </WebSocketProvider>,
  );
  await expect.element(screen.getByLabelText('status')).toHaveTextContent('open');

  const hears = (messages: number) =>
    new Promise<void>((resolve) => {
      heard = messages;
      onHeard = resolve;
    });

  /** The time in the page, from the socket event to every handler, without the network. */
  async function timeInPage(messages: number): Promise<number> {
    const all = hears(messages);
    const target = socket() as EventTarget;
    const start = performance.now();
    for (let n = 0; n < messages; n++)
      target.dispatchEvent(new MessageEvent('message', { data: String(n) }));
    const took = performance.now() - start;
    await all;
    return took;
  }

  const few: number[] = [];
  const many: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const [topics, times] of [
      [FEW, few],
      [MANY, many],
    ] as const) {
      mount(topics);
      await timeInPage(MESSAGES / 4); // to warm up
      times.push(await timeInPage(MESSAGES));
    }
  const { text, byLeast } = compare(few, many, MESSAGES);
  await annotate(text);
  // The smallest of several rounds: other programs on the machine only add to it.
  expect(byLeast).toBeLessThanOrEqual(1.3);
});
