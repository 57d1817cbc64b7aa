import { confirmed } from '../../src/delivery.ts';
import { useOutbox, useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';

// Both need createLifelineServer() at the other end.
const [heartbeat, delivery] = [lifeline(), confirmed()];

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat={heartbeat} delivery={delivery}>
      <Sender />
    </WebSocketProvider>
  );
}

function Sender() {
  const { send } = useWebSocket();
  const unconfirmed = useOutbox();
  return <button onClick={() => send('hello')}>Send ({unconfirmed.length} not confirmed)</button>;
}
