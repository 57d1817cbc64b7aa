import useWebSocket, { ReadyState } from './use-websocket.ts';
import { Screen } from './screen.tsx';

const STATUS = {
  [ReadyState.CONNECTING]: 'Connecting',
  [ReadyState.OPEN]: 'Open',
  [ReadyState.CLOSING]: 'Closing',
  [ReadyState.CLOSED]: 'Closed',
  [ReadyState.UNINSTANTIATED]: 'Uninstantiated',
};

/** As in its README. Its timeout is counted from the last message, not from the ping. */
export default function App({ url }: { url: string }) {
  const { lastMessage, readyState } = useWebSocket<string>(url, {
    heartbeat: { message: 'ping', returnMessage: 'pong', interval: 1_000, timeout: 2_000 },
    shouldReconnect: () => true,
    reconnectInterval: 250,
    reconnectAttempts: Infinity,
    disableJson: true,
  });
  return <Screen status={STATUS[readyState]} price={lastMessage?.data} />;
}
