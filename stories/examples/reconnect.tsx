import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

// Milliseconds. These are the defaults, so that `reconnect` can be left out.
const reconnect = { minDelay: 250, baseDelay: 3_000, maxDelay: 30_000 };

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat reconnect={reconnect}>
      <Banner />
    </WebSocketProvider>
  );
}

function Banner() {
  const { status, retryAt, reconnect: tryNow } = useWebSocket();
  if (status === 'open') return <p>Connected</p>;
  return (
    <p>
      {retryAt === null ? 'Connecting …' : `Next attempt at ${new Date(retryAt).toTimeString()}`}
      <button onClick={tryNow}>Try now</button>
    </p>
  );
}
