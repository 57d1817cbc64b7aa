import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat>
      <Echo />
    </WebSocketProvider>
  );
}

function Echo() {
  const { status, lastMessage, latency, send } = useWebSocket();
  return (
    <>
      <p>Status: {status}</p>
      <p>Round trip: {latency === null ? 'not measured yet' : `${latency.toFixed(1)} ms`}</p>
      <p>Last message: {typeof lastMessage === 'string' ? lastMessage : 'none yet'}</p>
      <button onClick={() => send('hello')}>Send</button>
    </>
  );
}
