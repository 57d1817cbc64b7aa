import { createWebSocketHooks, json } from '../../src/index.ts';

type Message = { demo: string; topic?: string; price?: number; topics?: string[] };

const { WebSocketProvider, useTopic } = createWebSocketHooks<Message, Message>({
  codec: json(),
  topics: {
    of: (message) => message.topic ?? null,
    subscribe: (topics) => [{ demo: 'subscribe', topics }],
    unsubscribe: (topics) => [{ demo: 'unsubscribe', topics }],
  },
});

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080">
      <Price topic="Copper" />
      <Price topic="Zinc" />
    </WebSocketProvider>
  );
}

const Price = ({ topic }: { topic: string }) => (
  <p>{`${topic}: ${useTopic(topic)?.price ?? '–'}`}</p>
);
