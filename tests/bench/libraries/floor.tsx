// A bare WebSocket, used with care: no reconnect, no heartbeat, no provider.
import { useEffect, useState } from 'react';
import type { Quote } from '../messages.ts';
import { handle, showQuote, showText } from '../recorder.tsx';
import { StatusesByContext } from './by-context.tsx';
import type { Library, SenderProps, StatusesProps, TopicsProps } from './library.ts';

function Reader({ url }: { readonly url: string }) {
  const [text, setText] = useState('');
  useEffect(() => {
    const socket = new WebSocket(url);
    let latest = '';
    let frame = 0;
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      handle();
      latest = data;
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setText(latest);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      socket.close();
    };
  }, [url]);
  return showText(text);
}

const setters = new Map<string, (quote: Quote) => void>();

function Topics({ url, topics }: TopicsProps) {
  useEffect(() => {
    const socket = new WebSocket(url);
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const quote: Quote = JSON.parse(data);
      setters.get(quote.topic)?.(quote);
    });
    return () => socket.close();
  }, [url]);
  return topics.map((topic) => <Topic key={topic} topic={topic} />);
}

function Topic({ topic }: { readonly topic: string }) {
  const [quote, setQuote] = useState<Quote | null>(null);
  useEffect(() => {
    setters.set(topic, setQuote);
    return () => void setters.delete(topic);
  }, [topic]);
  return showQuote(topic, quote);
}

function Sender({ url, onMount, onOpen }: SenderProps) {
  useEffect(() => {
    const socket = new WebSocket(url);
    const queue: string[] = [];
    const send = (text: string) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      else queue.push(text);
    };
    socket.addEventListener('open', () => {
      for (const text of queue.splice(0)) socket.send(text);
      onOpen?.(send);
    });
    onMount?.(send);
    return () => socket.close();
  }, [url, onMount, onOpen]);
  return null;
}

function Statuses({ url, count }: StatusesProps) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => setOpen(true));
    socket.addEventListener('close', () => setOpen(false));
    return () => socket.close();
  }, [url]);
  return <StatusesByContext open={open} count={count} />;
}

const library: Library = { Reader, Topics, Sender, Statuses, Heartbeat: Reader, queues: true };
export default library;
