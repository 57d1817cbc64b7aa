import { createWebSocketHooks, json } from '../../src/index.ts';

type Message = { demo: string; vehicle?: string; at?: [number, number]; vehicles?: string[] };

const { WebSocketProvider, useTopic } = createWebSocketHooks<Message, Message>({
  codec: json(),
  topics: {
    of: (message) => message.vehicle ?? null,
    subscribe: (vehicles) => [{ demo: 'follow', vehicles }],
    unsubscribe: (vehicles) => [{ demo: 'unfollow', vehicles }],
  },
});

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080">
      <Aircraft id="RL 101" />
    </WebSocketProvider>
  );
}

const Aircraft = ({ id }: { id: string }) => (
  <p>{useTopic(id)?.at?.join(', ') ?? 'not seen yet'}</p>
);
