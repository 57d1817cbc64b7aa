import { applyUpdate, Doc } from 'yjs';
import { useMessage, useWebSocket, WebSocketProvider } from '../../src/index.ts';

const doc = new Doc();

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080">
      <Sync />
    </WebSocketProvider>
  );
}

/** Sends each own update, and applies those of others. The story sends what was written offline, too. */
function Sync() {
  const { send } = useWebSocket();
  useMessage((frame) => {
    if (frame instanceof ArrayBuffer) applyUpdate(doc, new Uint8Array(frame), 'others');
  });
  const write = () => {
    doc.once('update', (update) => send(update.slice()));
    doc.getText().insert(0, 'Hello. ');
  };
  return <button onClick={write}>Write</button>;
}
