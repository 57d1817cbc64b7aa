import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  return (
    <WebSocketProvider
      url="ws://localhost:8080"
      heartbeat={{ interval: 2_000, timeout: 2_000 }}
      reconnect={{ baseDelay: 500, maxDelay: 3_000 }}
    >
      <Echo />
    </WebSocketProvider>
  );
}

function Echo() {
  const { status, lastMessage, send } = useWebSocket();
  return (
    <>
      <p>Status: {status}</p>
      <p>Last message: {typeof lastMessage === 'string' ? lastMessage : 'none yet'}</p>
      <button onClick={() => send('hello')}>Send</button>
    </>
  );
}
