import { createWebSocketHooks, json } from '../../src/index.ts';

type Message = { type: string; id?: string; payload?: object };
const { WebSocketProvider, useTopic } = createWebSocketHooks({
  codec: json<Message, Message>(),
  async handshake({ send, receive }) {
    send({ type: 'connection_init', payload: { token: 'good' } });
    while ((await receive()).type !== 'connection_ack');
  },
  heartbeat: { ping: '{"type":"ping"}', pong: '{"type":"pong"}' },
  topics: {
    of: ({ type, id }) => (type === 'next' ? id : null),
    subscribe: (ids) => ids.map((id) => ({ type: 'subscribe', id, payload: { query: id } })),
    unsubscribe: (ids) => ids.map((id) => ({ type: 'complete', id })),
  },
});

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080?graphql">
      <Price query="subscription { acme }" />
    </WebSocketProvider>
  );
}
const Price = ({ query }: { query: string }) => JSON.stringify(useTopic(query)?.payload ?? null);
