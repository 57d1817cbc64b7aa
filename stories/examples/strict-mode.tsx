import { Activity, StrictMode, useState } from 'react';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

export default function App() {
  const [isShown, setShown] = useState(true);
  return (
    <StrictMode>
      <button onClick={() => setShown(!isShown)}>{isShown ? 'Hide' : 'Show'}</button>
      <Activity mode={isShown ? 'visible' : 'hidden'}>
        {/* One connection, although effects run twice; none, one second after it was hidden. */}
        <WebSocketProvider url="ws://localhost:8080" linger={1_000}>
          <Status />
        </WebSocketProvider>
      </Activity>
    </StrictMode>
  );
}

const Status = () => <p>{useWebSocket().status}</p>;
