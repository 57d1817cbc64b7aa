import { confirmed, indexedDbStore } from '../../src/delivery.ts';
import { useOutbox, useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';

// What is not confirmed is kept in IndexedDB, and outlives the tab.
const delivery = confirmed({ store: indexedDbStore('my-app') });
const url = 'ws://localhost:8080?name=You';
const props = { url, scope: 'You', heartbeat: lifeline(), delivery };

export default function App() {
  return (
    <WebSocketProvider {...props}>
      <Sender />
    </WebSocketProvider>
  );
}

function Sender() {
  const { send } = useWebSocket();
  const unconfirmed = useOutbox();
  return <button onClick={() => send('hello')}>Send ({unconfirmed.length} not confirmed)</button>;
}
