import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

// A ping every second, and one second for the answer: a dead link is replaced within 2 s.
const heartbeat = { interval: 1_000, timeout: 1_000 };

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat={heartbeat}>
      <RoundTrip />
    </WebSocketProvider>
  );
}

function RoundTrip() {
  const { status, latency } = useWebSocket();
  if (status !== 'open') return <p>{status}</p>;
  return <p>Round trip: {latency === null ? 'not measured yet' : `${latency.toFixed(1)} ms`}</p>;
}
