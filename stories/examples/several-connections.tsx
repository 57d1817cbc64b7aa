import { createWebSocketHooks, json } from '../../src/index.ts';

// Each call makes a context of its own, with its own codec and types.
const chat = createWebSocketHooks();
const prices = createWebSocketHooks({ codec: json<{ price: number }>() });

export default function App() {
  return (
    <chat.WebSocketProvider url="ws://localhost:8080?room=chat">
      <prices.WebSocketProvider url="ws://localhost:8080?room=prices">
        <Both />
      </prices.WebSocketProvider>
    </chat.WebSocketProvider>
  );
}

function Both() {
  const { status } = chat.useWebSocket();
  const { lastMessage } = prices.useWebSocket();
  return <p>{`Chat: ${status}, price: ${lastMessage?.price ?? 'unknown'}`}</p>;
}
