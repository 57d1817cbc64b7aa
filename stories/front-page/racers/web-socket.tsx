import { useEffect, useState } from 'react';
import { Screen } from './screen.tsx';

/** A WebSocket as MDN shows it, and a new one a second after it has closed. */
export default function App({ url }: { url: string }) {
  const [status, setStatus] = useState('Connecting');
  const [price, setPrice] = useState<string>();

  useEffect(() => {
    let socket: WebSocket;
    let timer: ReturnType<typeof setTimeout>;
    function connect() {
      setStatus('Connecting');
      socket = new WebSocket(url);
      socket.addEventListener('open', () => setStatus('Open'));
      socket.addEventListener('message', (event) => setPrice(event.data));
      socket.addEventListener('close', reconnect);
    }
    function reconnect() {
      setStatus('Closed');
      timer = setTimeout(connect, 1_000);
    }
    connect();
    return () => {
      clearTimeout(timer);
      socket.removeEventListener('close', reconnect);
      socket.close();
    };
  }, [url]);

  return <Screen status={status} price={price} />;
}
