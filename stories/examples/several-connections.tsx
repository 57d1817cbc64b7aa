import { createWebSocketHooks, json } from '../../src/index.ts';

// Each call makes a context of its own, with its own codec and types.
const text = createWebSocketHooks();
const typed = createWebSocketHooks({ codec: json<{ demo: string }>() });

export default function App() {
  return (
    <text.WebSocketProvider url="ws://localhost:8080?name=Text">
      <typed.WebSocketProvider url="ws://localhost:8080?name=Typed">
        <Both />
      </typed.WebSocketProvider>
    </text.WebSocketProvider>
  );
}

function Both() {
  const { status, send } = text.useWebSocket();
  const { lastMessage } = typed.useWebSocket();
  const message = lastMessage?.demo ?? 'none yet';
  return <button onClick={() => send('echo')}>{`Text: ${status}, typed: ${message}`}</button>;
}
