import { useOutbox, useWebSocket, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  // It listens to the events of the browser by itself: “online” brings the next attempt within 1 s.
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat>
      <Notes />
    </WebSocketProvider>
  );
}

function Notes() {
  const { status, send } = useWebSocket();
  const waiting = useOutbox();
  return (
    <>
      {status === 'reconnecting' && <p>The connection is lost. What you write waits.</p>}
      <button onClick={() => send('a note')}>Send ({waiting.length} waiting)</button>
    </>
  );
}
