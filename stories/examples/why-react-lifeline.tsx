import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

// A ping every second, and a second for the answer: a dead link is replaced within 2 s.
const heartbeat = { interval: 1_000, timeout: 1_000 };

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat={heartbeat}>
      <Greeting />
    </WebSocketProvider>
  );
}

function Greeting() {
  const { status, lastMessage, send } = useWebSocket();
  return (
    <>
      {status !== 'open' && <p>Offline. What you send waits.</p>}
      <button onClick={() => send('hello')}>Say hello</button>
      <p>{typeof lastMessage === 'string' ? lastMessage : 'No answer yet'}</p>
    </>
  );
}
