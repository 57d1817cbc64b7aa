import { memo, Profiler, type ReactElement } from 'react';
import { expect, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { createWebSocketHooks, json } from '../../src/index.ts';
import { test } from './fixtures.ts';

const TOPICS = 200;
const MESSAGES = 4_000;

// The server counts; a number is its own message, and its topic what remains.
const { WebSocketProvider, useTopic, useWebSocket } = createWebSocketHooks({
  codec: json<number>(),
  topics: { of: (count) => String(count % TOPICS) },
});

const Status = () => <output aria-label="status">{useWebSocket().status}</output>;

const Ticker = memo(function Ticker({ topic }: { topic: string }): ReactElement {
  return <output data-topic={topic}>{useTopic(topic)}</output>;
});

const shown = () =>
  [...document.querySelectorAll<HTMLElement>('[data-topic]')].map(({ dataset, textContent }) => [
    dataset.topic,
    textContent,
  ]);

test('200 topics, 4,000 messages: each shows its own last one, who listens to another does not render, JSON is parsed once', async ({
  server,
  annotate,
}) => {
  let renders = 0;
  let idleRenders = 0;
  const names = Array.from({ length: TOPICS }, (_, index) => String(index));
  const screen = await render(
    <WebSocketProvider url={server.url}>
      <Status />
      {names.map((topic) => (
        <Profiler key={topic} id={topic} onRender={() => renders++}>
          <Ticker topic={topic} />
        </Profiler>
      ))}
      <Profiler id="idle" onRender={() => idleRenders++}>
        <Ticker topic="a topic without messages" />
      </Profiler>
    </WebSocketProvider>,
  );
  await expect.element(screen.getByLabelText('status')).toHaveTextContent('open');
  renders = idleRenders = 0;
  const parse = vi.spyOn(JSON, 'parse');
  const parsed = () => parse.mock.calls.filter(([text]) => /^\d+$/.test(text)).length;

  await server.counts(MESSAGES);
  const last = names.map((topic, index) => [topic, String(MESSAGES - TOPICS + index)]);
  await expect.poll(() => shown().slice(0, TOPICS)).toEqual(last);

  await annotate(`${renders} renders of ${TOPICS} components for ${MESSAGES} messages`);
  expect(idleRenders).toBe(0);
  expect(renders).toBeLessThanOrEqual(MESSAGES);
  expect(parsed()).toBe(MESSAGES);
});

/** A socket that is open at once, and says what it is told to say. */
class ScriptedSocket extends EventTarget {
  static last: ScriptedSocket;
  binaryType = 'arraybuffer';
  readonly bufferedAmount = 0;
  readonly extensions = '';
  readonly protocol = '';
  readonly readyState = 1;
  readonly url = '';
  constructor() {
    super();
    ScriptedSocket.last = this;
    queueMicrotask(() => this.dispatchEvent(new Event('open')));
  }
  send(): void {}
  close(): void {}
}

/** The time that a burst of messages of one topic takes, with so many topics listened to. */
async function timeBurst(topics: number): Promise<number> {
  const screen = await render(
    <WebSocketProvider url="ws://scripted.test" WebSocket={ScriptedSocket} topics={{ of: String }}>
      <Status />
      {Array.from({ length: topics }, (_, index) => (
        <Ticker key={index} topic={String(index)} />
      ))}
    </WebSocketProvider>,
  );
  await expect.element(screen.getByLabelText('status')).toHaveTextContent('open');
  const message = new MessageEvent('message', { data: '0' });
  const start = performance.now();
  for (let count = 0; count < 20_000; count++) ScriptedSocket.last.dispatchEvent(message);
  const took = performance.now() - start;
  await screen.unmount();
  return took;
}

test('a message costs the same with 10 topics and with 1,000', async ({ annotate }) => {
  const few: number[] = [];
  const many: number[] = [];
  await timeBurst(10);
  for (let round = 0; round < 5; round++) {
    few.push(await timeBurst(10));
    many.push(await timeBurst(1_000));
  }
  // The least of several rounds: what others do on the machine only ever adds.
  const ratio = Math.min(...many) / Math.min(...few);
  await annotate(`1,000 topics take ${ratio.toFixed(2)} times as long as 10`);
  expect(ratio).toBeLessThanOrEqual(1.3);
});
