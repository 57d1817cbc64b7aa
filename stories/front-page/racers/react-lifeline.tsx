import { useWebSocket, WebSocketProvider } from '../../../src/index.ts';
import { Screen } from './screen.tsx';

export default function App({ url }: { url: string }) {
  return (
    <WebSocketProvider url={url} heartbeat={{ interval: 1_000, timeout: 1_000 }}>
      <Price />
    </WebSocketProvider>
  );
}

function Price() {
  const { status, lastMessage } = useWebSocket();
  return <Screen status={status} price={lastMessage} />;
}
