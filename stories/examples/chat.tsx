import { confirmed } from '../../src/delivery.ts';
import { createWebSocketHooks, json } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';

type Word = { demo: string; text?: string };
const options = { codec: json<Word>(), heartbeat: lifeline(), delivery: confirmed() };
const { WebSocketProvider, useWebSocket, useMessages } = createWebSocketHooks(options);

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080?room=lobby">
      <Room />
    </WebSocketProvider>
  );
}

function Room() {
  const { send } = useWebSocket();
  const said = useMessages({ filter: ({ demo }) => demo === 'said' });
  const sayHi = () => send({ demo: 'say', text: 'Hi' });
  return <button onClick={sayHi}>Say hi ({said.length} messages of others)</button>;
}
