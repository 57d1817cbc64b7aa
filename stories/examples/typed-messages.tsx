import { z } from 'zod';
import { createWebSocketHooks, DecodeError, json } from '../../src/index.ts';

const schema = z.object({ item: z.string(), quantity: z.number().int().positive() });
const { WebSocketProvider, useWebSocket } = createWebSocketHooks({ codec: json({ schema }) });

export default function App() {
  return (
    <WebSocketProvider
      url="ws://localhost:8080"
      onError={(error) => error instanceof DecodeError && console.warn(error.frame, error.issues)}
    >
      <Order />
    </WebSocketProvider>
  );
}

function Order() {
  const { lastMessage, send } = useWebSocket();
  const order = () => send({ item: 'tea', quantity: 2 });
  return <button onClick={order}>Order tea ({lastMessage?.quantity ?? 0} ordered)</button>;
}
