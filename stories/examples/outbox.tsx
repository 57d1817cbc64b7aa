import { useState } from 'react';
import { useOutbox, useWebSocket, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  const [dropped, setDropped] = useState(0);
  return (
    <WebSocketProvider
      url="ws://localhost:8080"
      outbox={{ maxMessages: 5, overflow: 'drop-oldest' }}
      onDrop={(messages) => setDropped((n) => n + messages.length)}
    >
      <Sender />
      <p>{dropped} dropped</p>
    </WebSocketProvider>
  );
}

function Sender() {
  const { send } = useWebSocket();
  const waiting = useOutbox();
  return <button onClick={() => send('hello')}>Send ({waiting.length} waiting)</button>;
}
