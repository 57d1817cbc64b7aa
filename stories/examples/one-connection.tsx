import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

// Both components share one socket. Each renders only for the fields that it reads.
export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080">
      <Status />
      <LastMessage />
    </WebSocketProvider>
  );
}

function Status() {
  const { status, send } = useWebSocket();
  return <button onClick={() => send('hello')}>Send ({status})</button>;
}

function LastMessage() {
  const { lastMessage } = useWebSocket();
  return <p>{typeof lastMessage === 'string' ? lastMessage : 'no message yet'}</p>;
}
