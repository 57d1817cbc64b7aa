import { act, fireEvent, render, within } from '@testing-library/react';
import { useEffect, useState } from 'react';
import { expect, test, vi } from 'vitest';
import { WebSocketDevtools } from '../../src/devtools.ts';
import { createConnection } from '../../src/core.ts';
import type { HeldConnectionOptions } from '../../src/index.ts';
import { createWebSocketHooks, json } from '../../src/index.ts';
import { createTestServer } from '../../src/testing.ts';

interface Price {
  readonly topic: string;
  readonly price: number;
}

const { WebSocketProvider, useTopic } = createWebSocketHooks<Price, object>({
  codec: json(),
});

function Ticker({ topic }: { readonly topic: string }) {
  return <p>{useTopic(topic)?.price}</p>;
}

function App(options: HeldConnectionOptions<Price, object>) {
  const [isShown, setIsShown] = useState(true);
  return (
    <WebSocketProvider {...options}>
      {isShown && <Ticker topic="EUR" />}
      <button onClick={() => setIsShown(false)}>Hide the ticker</button>
      <WebSocketDevtools initialIsOpen />
    </WebSocketProvider>
  );
}

const panel = () => {
  const { shadowRoot } = document.querySelector('react-lifeline-devtools') as HTMLElement;
  return within(shadowRoot as unknown as HTMLElement);
};

/** Lets the panel show what was recorded meanwhile. */
const refresh = () =>
  act(() => {
    vi.advanceTimersByTime(1_000);
  });

const problems = () => panel().getByRole('list', { name: 'Problems' }).textContent;

test('a topic that is never unsubscribed, since the app forgot `unsubscribe`, is seen at once', async () => {
  vi.useFakeTimers();
  const server = createTestServer({ codec: json<Price, object>() });
  const topics = {
    of: ({ topic }: Price) => topic,
    subscribe: (names: readonly string[]) => [{ subscribe: names }],
  };
  const { getByText } = render(<App {...server.options} topics={topics} />);
  await server.connected();
  fireEvent.click(getByText('Hide the ticker'));
  await server.advance(5_000);
  await act(async () => server.send({ topic: 'EUR', price: 1.1 }));
  refresh();
  fireEvent.click(panel().getByRole('tab', { name: 'Topics 1 problem' }));
  expect(problems()).toContain('Topic "EUR" goes on without listeners: 1 message came');
});

test('a topic that is never unsubscribed, since an effect returns nothing, is seen after three mounts', async () => {
  vi.useFakeTimers();
  const server = createTestServer({ codec: json<Price, object>() });
  const topics = { of: ({ topic }: Price) => topic };
  const connection = createConnection<Price, object>({
    ...server.options,
    codec: json<Price, object>(),
    topics,
  });
  function Careless() {
    useEffect(() => {
      connection.onTopic('EUR', () => {});
    }, []);
    return <WebSocketDevtools initialIsOpen />;
  }
  connection.open();
  await server.connected();
  for (const hasMark of [false, false, true]) {
    const { unmount } = render(<Careless />);
    refresh();
    expect(panel().queryByRole('tab', { name: 'Topics 1 problem' }) !== null).toBe(hasMark);
    if (!hasMark) unmount();
    await server.advance(1_000);
  }
  fireEvent.click(panel().getByRole('tab', { name: 'Topics 1 problem' }));
  expect(problems()).toContain('Topic "EUR" got 3 listeners');
  expect(panel().getByRole('row', { name: /EUR/ }).textContent).toContain('never unsubscribed');
});

test('a frame that does not decode is seen at once', async () => {
  vi.useFakeTimers();
  const server = createTestServer({ serverCodec: { encode: String, decode: String } } as object);
  render(<App {...server.options} onError={() => {}} />);
  await server.connected();
  await act(async () => server.send('<html>'));
  refresh();
  expect(panel().getByRole('tab', { name: 'Frames 1 problem' })).toBeTruthy();
  expect(problems()).toContain('1 frame could not be decoded.');
  expect(panel().getByRole('option', { name: /Not decoded.*<html>/ })).toBeTruthy();
});

test('a heartbeat that the server does not answer is seen at once', async () => {
  vi.useFakeTimers();
  const server = createTestServer({ codec: json<Price, object>() });
  const heartbeat = { interval: 1_000, timeout: 1_000, ping: '"knock"' };
  render(
    <App {...server.options} heartbeat={{ ...heartbeat, pong: (frame) => frame === 'who' }} />,
  );
  await server.connected();
  await server.advance(3_000);
  refresh();
  expect(problems()).toMatch(/\d heartbeats? got no answer/);
  const texts = within(panel().getByRole('listbox')).getAllByRole('option');
  expect(texts.map(({ textContent }) => textContent).join()).toMatch(/No answer .*knock/);
});
