import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

/** Each attempt calls it. A real one asks your server for a token, with fetch(). */
async function url() {
  const token = await Promise.resolve(Date.now() + 60_000);
  return `ws://localhost:8080?token=${token}`;
}

export default function App() {
  return (
    <WebSocketProvider url={url} scope="user 1">
      <Status />
    </WebSocketProvider>
  );
}

function Status() {
  const { status, cause } = useWebSocket();
  return <p>{cause?.kind === 'close' ? `${status}: closed with ${cause.code}` : status}</p>;
}
