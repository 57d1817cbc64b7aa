import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat={{ interval: 5_000, timeout: 2_000 }}>
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
