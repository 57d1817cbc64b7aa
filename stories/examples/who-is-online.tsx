import { WebSocketProvider } from '../../src/index.ts';
import { lifeline, usePresence } from '../../src/presence.ts';

// Presence needs createLifelineServer() at the other end.
const heartbeat = lifeline();

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080?room=lobby&name=Ada" heartbeat={heartbeat}>
      <WhoIsOnline />
    </WebSocketProvider>
  );
}

function WhoIsOnline() {
  const online = usePresence();
  return <p>{online === null ? 'Not known yet' : `Online: ${online.join(', ')}`}</p>;
}
