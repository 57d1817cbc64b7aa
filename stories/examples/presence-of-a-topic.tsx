import { WebSocketProvider } from '../../src/index.ts';
import { lifeline, usePresence } from '../../src/presence.ts';

const heartbeat = lifeline();

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080?room=lobby&name=Ada" heartbeat={heartbeat}>
      <Lobby />
    </WebSocketProvider>
  );
}

function Lobby() {
  // The server has called server.subscribe(client, 'room lobby').
  const ids = usePresence({ topic: 'room lobby' });
  return <p>{ids ? `In the lobby: ${ids.join(', ')}` : 'Not known yet'}</p>;
}
