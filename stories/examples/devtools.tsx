import { WebSocketDevtools } from '../../src/devtools.ts';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat>
      <Echo />
      <WebSocketDevtools initialIsOpen />
    </WebSocketProvider>
  );
}

function Echo() {
  const { status, send } = useWebSocket();
  return (
    <>
      <p>Status: {status}</p>
      <button onClick={() => send('hello')}>Send</button>
    </>
  );
}
