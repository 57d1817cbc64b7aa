import { confirmed } from '../../src/delivery.ts';
import { useOutbox, useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';

// Both need createLifelineServer() at the other end. The name is who you are there, on each link.
const url = 'ws://localhost:8080?name=You';
const [heartbeat, delivery] = [lifeline(), confirmed()];

export default function App() {
  return (
    <WebSocketProvider url={url} heartbeat={heartbeat} delivery={delivery}>
      <Sender />
    </WebSocketProvider>
  );
}

function Sender() {
  const { send } = useWebSocket();
  const unconfirmed = useOutbox();
  return <button onClick={() => send('hello')}>Send ({unconfirmed.length} not confirmed)</button>;
}
