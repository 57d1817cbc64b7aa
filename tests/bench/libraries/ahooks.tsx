// By its documentation: `useWebSocket(url)` returns `latestMessage`, `sendMessage` and `readyState`. Sockets are not shared,
// so one component opens the socket and passes the result down by a context.
import { useWebSocket } from 'ahooks';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { Quote } from '../messages.ts';
import { handle, showQuote, showText } from '../recorder.tsx';
import { StatusesByContext } from './by-context.tsx';
import type { Library, SenderProps, StatusesProps, TopicsProps } from './library.ts';

function Reader({ url }: { readonly url: string }) {
  const { latestMessage } = useWebSocket(url, { onMessage: handle });
  return showText(latestMessage?.data);
}

const Latest = createContext<Quote | null>(null);

function Topics({ url, topics }: TopicsProps) {
  const { latestMessage } = useWebSocket(url);
  const latest = useMemo(
    () => (latestMessage ? (JSON.parse(latestMessage.data) as Quote) : null),
    [latestMessage],
  );
  return (
    <Latest value={latest}>
      {topics.map((topic) => (
        <Topic key={topic} topic={topic} />
      ))}
    </Latest>
  );
}

function Topic({ topic }: { readonly topic: string }) {
  const latest = useContext(Latest);
  const [quote, setQuote] = useState<Quote | null>(null);
  if (latest?.topic === topic && latest !== quote) setQuote(latest);
  return showQuote(topic, quote);
}

const isOpen = (readyState: number) => readyState === WebSocket.OPEN;

function Sender({ url, onMount, onOpen }: SenderProps) {
  const { sendMessage, readyState } = useWebSocket(url);
  useEffect(() => onMount?.(sendMessage), [onMount, sendMessage]);
  useEffect(() => {
    if (isOpen(readyState)) onOpen?.(sendMessage);
  }, [readyState, onOpen, sendMessage]);
  return null;
}

function Statuses({ url, count }: StatusesProps) {
  const { readyState } = useWebSocket(url);
  return <StatusesByContext open={isOpen(readyState)} count={count} />;
}

// Sending before the connection is open is an error.
const library: Library = { Reader, Topics, Sender, Statuses, Heartbeat: Reader, queues: false };
export default library;
