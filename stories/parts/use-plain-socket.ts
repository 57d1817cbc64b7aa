import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Command, ServerWord } from '../server/words.ts';
import type { Status } from '../ui/status.tsx';

/** How long it waits before it connects again, in milliseconds. */
const DELAY = 500;

/** A WebSocket as it is, which is made anew when it is closed. What is sent without a link goes nowhere. */
export function usePlainSocket(url: string, on: { message(word: ServerWord): void; open(): void }) {
  const [status, setStatus] = useState<Status>('connecting');
  const socket = useRef<WebSocket | null>(null);
  const opened = useEffectEvent(() => on.open());
  const heard = useEffectEvent((word: ServerWord) => on.message(word));

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const connect = () => {
      const made = new WebSocket(new URL(url, location.href.replace('http', 'ws')));
      socket.current = made;
      made.addEventListener('open', () => {
        setStatus('open');
        opened();
      });
      made.addEventListener('message', ({ data }) => heard(JSON.parse(String(data)) as ServerWord));
      made.addEventListener('close', () => {
        if (socket.current !== made) return;
        setStatus('reconnecting');
        timer = setTimeout(connect, DELAY);
      });
    };
    connect();
    return () => {
      clearTimeout(timer);
      const last = socket.current;
      socket.current = null;
      last?.close();
    };
  }, [url]);

  const send = (word: Command) => {
    if (socket.current?.readyState === WebSocket.OPEN) socket.current.send(JSON.stringify(word));
  };
  return { status, send };
}
