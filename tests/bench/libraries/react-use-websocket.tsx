// By its README: a hook in each component; with `share`, components with one url have one socket; `filter` says which
// messages become `lastMessage`; `disableJson` if `lastJsonMessage` is not used.
import { useEffect } from 'react';
import imported, { ReadyState } from 'react-use-websocket';
import { handle, showQuote, showStatus, showText } from '../recorder.tsx';
import type { Library, SenderProps, StatusesProps, TopicsProps } from './library.ts';
import { quoteIn } from './quote-in.ts';

// It is CommonJS: a bundler that treats the default export like Node returns the whole module.
const useWebSocket = (imported as { readonly default?: typeof imported }).default ?? imported;

function Reader({ url }: { readonly url: string }) {
  const { lastMessage } = useWebSocket(url, { disableJson: true, onMessage: handle });
  return showText(lastMessage?.data);
}

function Topics({ url, topics }: TopicsProps) {
  return topics.map((topic) => <Topic key={topic} url={url} topic={topic} />);
}

function Topic({ url, topic }: { readonly url: string; readonly topic: string }) {
  const { lastMessage } = useWebSocket(url, {
    share: true,
    disableJson: true,
    filter: (event) => quoteIn(event).topic === topic,
  });
  return showQuote(topic, lastMessage && quoteIn(lastMessage));
}

function Sender({ url, onMount, onOpen }: SenderProps) {
  const { sendMessage, readyState } = useWebSocket(url);
  useEffect(() => onMount?.(sendMessage), [onMount, sendMessage]);
  useEffect(() => {
    if (readyState === ReadyState.OPEN) onOpen?.(sendMessage);
  }, [readyState, onOpen, sendMessage]);
  return null;
}

function Statuses({ url, count }: StatusesProps) {
  return Array.from({ length: count }, (_, n) => <Status key={n} url={url} name={String(n)} />);
}

function Status({ url, name }: { readonly url: string; readonly name: string }) {
  const { readyState } = useWebSocket(url, { share: true });
  return showStatus(name, readyState === ReadyState.OPEN);
}

function Heartbeat({ url }: { readonly url: string }) {
  const { lastMessage } = useWebSocket(url, {
    // Its timeout is counted from the last message, not from the ping.
    heartbeat: { message: 'ping', returnMessage: 'pong', interval: 1_000, timeout: 2_000 },
    shouldReconnect: () => true,
    reconnectInterval: 250,
  });
  return showText(lastMessage?.data);
}

const library: Library = { Reader, Topics, Sender, Statuses, Heartbeat, queues: true };
export default library;
