import { useEffect, useState } from 'react';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat>
      <Banner after={2_000} />
    </WebSocketProvider>
  );
}

function Banner({ after }: { after: number }) {
  const { status, retryAt, reconnect } = useWebSocket();
  const isLost = status === 'reconnecting';
  const [isShown, setIsShown] = useState(false);
  // A short break is not shown.
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(isLost), isLost ? after : 0);
    return () => clearTimeout(timer);
  }, [isLost, after]);
  if (!isLost || !isShown) return null;
  const when = retryAt === null ? 'now' : `at ${new Date(retryAt).toLocaleTimeString()}`;
  const text = `Connection lost. Next attempt: ${when}. Try now`;
  return <button onClick={reconnect}>{text}</button>;
}
