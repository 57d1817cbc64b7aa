// By its README: a reconnecting WebSocket with the interface of one; `useWebSocket` makes and keeps it. It has no provider,
// so a context passes it down, and no state, so components listen to its events.
import { useWebSocket } from 'partysocket/react';
import { createContext, useContext, useEffect, useState } from 'react';
import type { Quote } from '../messages.ts';
import { handle, showQuote, showText } from '../recorder.tsx';
import { StatusesByContext } from './by-context.tsx';
import type { Library, SenderProps, StatusesProps, TopicsProps } from './library.ts';
import { quoteIn } from './quote-in.ts';

function Reader({ url }: { readonly url: string }) {
  const [text, setText] = useState('');
  useWebSocket(url, undefined, {
    onMessage({ data }: MessageEvent<string>) {
      handle();
      setText(data);
    },
  });
  return showText(text);
}

type Socket = ReturnType<typeof useWebSocket>;

const Shared = createContext<Socket | null>(null);

function Topics({ url, topics }: TopicsProps) {
  return (
    <Shared value={useWebSocket(url)}>
      {topics.map((topic) => (
        <Topic key={topic} topic={topic} />
      ))}
    </Shared>
  );
}

function Topic({ topic }: { readonly topic: string }) {
  const socket = useContext(Shared);
  const [quote, setQuote] = useState<Quote | null>(null);
  useEffect(() => {
    const listener = (event: MessageEvent<string>) => {
      const next = quoteIn(event);
      if (next.topic === topic) setQuote(next);
    };
    socket?.addEventListener('message', listener);
    return () => socket?.removeEventListener('message', listener);
  }, [socket, topic]);
  return showQuote(topic, quote);
}

function Sender({ url, onMount, onOpen }: SenderProps) {
  const socket: Socket = useWebSocket(url, undefined, {
    onOpen: () => onOpen?.((text) => socket.send(text)),
  });
  useEffect(() => onMount?.((text) => socket.send(text)), [onMount, socket]);
  return null;
}

function Statuses({ url, count }: StatusesProps) {
  const [open, setOpen] = useState(false);
  useWebSocket(url, undefined, { onOpen: () => setOpen(true), onClose: () => setOpen(false) });
  return <StatusesByContext open={open} count={count} />;
}

const library: Library = { Reader, Topics, Sender, Statuses, Heartbeat: Reader, queues: true };
export default library;
