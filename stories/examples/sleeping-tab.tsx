import { useState } from 'react';
import { useWebSocket, useWebSocketEvent, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  // A ping every 25 s; after a sleep one at once, which waits 3 s for its answer.
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat>
      <LastBreak />
    </WebSocketProvider>
  );
}

function LastBreak() {
  const { status } = useWebSocket();
  const [seconds, setSeconds] = useState(0);
  // The time in which the computer slept counts. After a long break, fetch again.
  useWebSocketEvent('open', ({ downtime }) => setSeconds(downtime / 1_000));
  return (
    <p>
      {status}, last break: {seconds.toFixed(1)} s
    </p>
  );
}
