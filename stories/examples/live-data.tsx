import { useRef, useState } from 'react';
import { useMessage, useWebSocket, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080">
      <Prices />
    </WebSocketProvider>
  );
}

function Prices() {
  const { lastMessage } = useWebSocket(); // renders at most once a frame
  const all = useRef(0);
  useMessage(() => {
    all.current++; // gets every message, without a render
  });
  const [count, setCount] = useState(0);
  const show = () => setCount(all.current);
  return (
    <button
      onClick={show}
    >{`${count} messages, the last one ${JSON.stringify(lastMessage)}`}</button>
  );
}
