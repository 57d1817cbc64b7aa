import { useEffect } from 'react';
import {
  createWebSocketHooks,
  json,
  useMessage,
  useWebSocket,
  useWebSocketEvent,
  WebSocketProvider,
} from '../../../src/index.ts';
import type { Quote } from '../messages.ts';
import { handle, showQuote, showStatus, showText } from '../recorder.tsx';
import type { Library, SenderProps, StatusesProps, TopicsProps } from './library.ts';

function Reader({ url }: { readonly url: string }) {
  return (
    <WebSocketProvider url={url}>
      <LastMessage />
    </WebSocketProvider>
  );
}

function LastMessage() {
  const { lastMessage } = useWebSocket();
  useMessage(handle);
  return showText(lastMessage);
}

const quotes = createWebSocketHooks({
  codec: json<Quote, never>(),
  topics: { of: (quote) => quote.topic },
});

function Topics({ url, topics }: TopicsProps) {
  return (
    <quotes.WebSocketProvider url={url}>
      {topics.map((topic) => (
        <Topic key={topic} topic={topic} />
      ))}
    </quotes.WebSocketProvider>
  );
}

function Topic({ topic }: { readonly topic: string }) {
  return showQuote(topic, quotes.useTopic(topic));
}

function Sender({ url, ...props }: SenderProps) {
  return (
    <WebSocketProvider url={url} outbox={{ maxMessages: 20_000 }}>
      <Sending {...props} />
    </WebSocketProvider>
  );
}

function Sending({ onMount, onOpen }: Omit<SenderProps, 'url'>) {
  const { send } = useWebSocket();
  useWebSocketEvent('open', () => onOpen?.(send));
  useEffect(() => onMount?.(send), [onMount, send]);
  return null;
}

function Statuses({ url, count }: StatusesProps) {
  return (
    <WebSocketProvider url={url}>
      {Array.from({ length: count }, (_, n) => (
        <Status key={n} name={String(n)} />
      ))}
    </WebSocketProvider>
  );
}

function Status({ name }: { readonly name: string }) {
  const { status } = useWebSocket();
  return showStatus(name, status === 'open');
}

function Heartbeat({ url }: { readonly url: string }) {
  return (
    <WebSocketProvider url={url} heartbeat={{ interval: 1_000, timeout: 1_000 }}>
      <LastMessage />
    </WebSocketProvider>
  );
}

const library: Library = { Reader, Topics, Sender, Statuses, Heartbeat, queues: true };
export default library;
