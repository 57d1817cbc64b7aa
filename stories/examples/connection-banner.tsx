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
  const isBroken = status === 'reconnecting' || status === 'closed';
  const [isShown, setIsShown] = useState(false);
  // A short break is not shown.
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(isBroken), isBroken ? after : 0);
    return () => clearTimeout(timer);
  }, [isBroken, after]);
  if (!isBroken || !isShown) return null;
  const next = retryAt ? ` Next attempt: ${new Date(retryAt).toLocaleTimeString()}.` : '';
  return <button onClick={reconnect}>{`Connection: ${status}.${next} Connect now`}</button>;
}
