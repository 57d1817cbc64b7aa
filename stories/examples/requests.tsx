import { useState } from 'react';
import { createWebSocketHooks, json, useRequest } from '../../src/index.ts';

type Ask = { demo: 'ask'; share: string; id?: number };
type Answer = { id?: number; price?: number; error?: string };
const tag = (message: Ask, id: number) => ({ ...message, id });
const reply = ({ id, error }: Answer) => (id === undefined ? null : { id, error });
const options = { codec: json<Answer, Ask>(), requests: { tag, reply } };
const hooks = createWebSocketHooks(options, { useRequest });

export default function App() {
  return (
    <hooks.WebSocketProvider url="ws://localhost:8080">
      <Price share="ACME" />
    </hooks.WebSocketProvider>
  );
}

function Price({ share }: { share: string }) {
  const request = hooks.useRequest();
  const [price, setPrice] = useState<number>();
  const ask = () => request({ demo: 'ask', share }).then((answer) => setPrice(answer.price));
  return <button onClick={ask}>{price ?? 'Ask'}</button>;
}
