import { fireEvent, render, screen } from '@testing-library/react';
import { StrictMode, useState } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import {
  createWebSocketHooks,
  json,
  type Status,
  useMessage,
  useMessages,
  useTopic,
  useWebSocket,
} from '../../src/index.ts';
import { usePresence, usePresenceData } from '../../src/presence.ts';
import { TestConnection, type TestConnectionProps } from '../../src/testing.ts';

function Everything() {
  const { status, readyState, attempt, retryAt, cause, latency, lastMessage } = useWebSocket();
  const messages = useMessages();
  const news = useTopic('news');
  const online = usePresence();
  const lobby = usePresence('ada', { topic: 'lobby' });
  const data = usePresenceData('ada');
  const [heard, setHeard] = useState(0);
  useMessage(() => setHeard((count) => count + 1));
  const snapshot = { status, readyState, attempt, retryAt, cause, latency };
  return (
    <p>
      {JSON.stringify({ ...snapshot, lastMessage, messages, news, online, lobby, data, heard })}
    </p>
  );
}

const seen = () => JSON.parse(screen.getByRole('paragraph').textContent ?? '') as object;
const stage = (props: TestConnectionProps) => (
  <TestConnection {...props}>
    <Everything />
  </TestConnection>
);

test('without props, the connection is open and has no message', () => {
  render(stage({}));
  expect(seen()).toEqual({
    status: 'open',
    readyState: 1,
    attempt: 0,
    retryAt: null,
    cause: null,
    latency: null,
    lastMessage: null,
    messages: [],
    news: null,
    online: null,
    lobby: null,
    data: null,
    heard: 0,
  });
});

const lost = { kind: 'close', code: 1006, reason: '', wasClean: false };

test.each<[Status, object]>([
  ['idle', { readyState: 3, attempt: 0, cause: null }],
  ['connecting', { readyState: 0, attempt: 0, cause: null }],
  ['open', { readyState: 1, attempt: 0, cause: null }],
  ['reconnecting', { readyState: 3, attempt: 1, cause: lost }],
  ['closing', { readyState: 2, attempt: 0, cause: null }],
  ['closed', { readyState: 3, attempt: 0, cause: { kind: 'requested' } }],
])('what fits the status %s is filled in', (status, rest) => {
  render(stage({ snapshot: { status } }));
  expect(seen()).toMatchObject({ status, ...rest });
});

test('what is given counts', () => {
  const cause = { kind: 'close', code: 4401, reason: 'token', wasClean: true } as const;
  const snapshot = { status: 'closed', attempt: 2, cause, latency: 5 } as const;
  render(stage({ snapshot }));
  expect(seen()).toMatchObject(snapshot);
});

test('all hooks get the messages, once, also in StrictMode', () => {
  const messages = ['a', 'news: b', 'c'];
  const topicOf = (message: unknown) => (String(message).startsWith('news') ? 'news' : null);
  render(<StrictMode>{stage({ messages, topicOf })}</StrictMode>);
  expect(seen()).toMatchObject({ lastMessage: 'c', messages, news: 'news: b', heard: 3 });
});

test('messages that are added arrive then; others begin anew', () => {
  const { rerender } = render(stage({ messages: ['a'] }));
  rerender(stage({ messages: ['a', 'b'] }));
  expect(seen()).toMatchObject({ lastMessage: 'b', messages: ['a', 'b'], heard: 2 });
  rerender(stage({ messages: ['x'] }));
  expect(seen()).toMatchObject({ lastMessage: 'x', messages: ['x'], heard: 3 });
  rerender(stage({ messages: [] }));
  expect(seen()).toMatchObject({ lastMessage: null, messages: [] });
});

test('the snapshot and the presence can change', () => {
  const { rerender } = render(stage({ snapshot: { status: 'reconnecting' } }));
  const presence = { online: ['ada'], topics: { lobby: ['ada'] }, data: { ada: 'Ada' } };
  rerender(stage({ snapshot: { status: 'open' }, presence }));
  expect(seen()).toMatchObject({ status: 'open', online: ['ada'], lobby: true, data: 'Ada' });
  rerender(stage({ presence: { online: [], topics: { lobby: [] } } }));
  expect(seen()).toMatchObject({ online: [], lobby: false, data: null });
});

test('a server renders the state', () => {
  expect(renderToString(stage({}))).toContain('connecting');
});

function Buttons() {
  const { send, open, close, reconnect } = useWebSocket();
  const [result, setResult] = useState('');
  return (
    <>
      <button onClick={() => setResult(send('hi'))}>send {result}</button>
      <button onClick={open}>open</button>
      <button onClick={() => close(4000, 'bye')}>close</button>
      <button onClick={reconnect}>reconnect</button>
    </>
  );
}

test.each<[Status, string]>([
  ['open', 'sent'],
  ['connecting', 'queued'],
  ['reconnecting', 'queued'],
  ['closed', 'dropped'],
])('what components call is recorded; with the status %s, send() is %s', (status, result) => {
  const onSend = vi.fn<(message: unknown) => void>();
  const onCall = vi.fn<(name: string, ...args: readonly unknown[]) => void>();
  render(
    <TestConnection snapshot={{ status }} onSend={onSend} onCall={onCall}>
      <Buttons />
    </TestConnection>,
  );
  for (const button of screen.getAllByRole('button')) fireEvent.click(button);
  expect(screen.getByText(`send ${result}`)).toBeTruthy();
  expect(onSend.mock.calls).toEqual([['hi']]);
  // Without the event of a click.
  expect(onCall.mock.calls).toEqual([['open'], ['close', 4000, 'bye'], ['reconnect']]);
});

interface Quote {
  readonly price: number;
}

const live = createWebSocketHooks({ codec: json<Quote, { subscribe: string }>() });

function Price() {
  const { lastMessage, send } = live.useWebSocket();
  return <button onClick={() => send({ subscribe: 'A' })}>{lastMessage?.price}</button>;
}

test('hooks of createWebSocketHooks() work below it, given their provider', () => {
  const onSend = vi.fn<(message: { subscribe: string }) => void>();
  render(
    <TestConnection provider={live.WebSocketProvider} messages={[{ price: 5 }]} onSend={onSend}>
      <Price />
    </TestConnection>,
  );
  fireEvent.click(screen.getByText('5'));
  expect(onSend).toHaveBeenCalledWith({ subscribe: 'A' });
});
