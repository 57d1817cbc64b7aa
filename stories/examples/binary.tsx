import { type Codec, createWebSocketHooks } from '../../src/index.ts';

// A codec is two functions. The demo server also sends text, which is no picture.
const codec: Codec<Uint8Array | null, Uint8Array<ArrayBuffer>> = {
  encode: (picture) => picture,
  decode: (frame) => (frame instanceof ArrayBuffer ? new Uint8Array(frame) : null),
};
const { WebSocketProvider, useWebSocket } = createWebSocketHooks({ codec });

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080">
      <Picture />
    </WebSocketProvider>
  );
}

function Picture() {
  const { lastMessage, send } = useWebSocket();
  return (
    <button onClick={() => send(Uint8Array.of(102, 255, 24))}>
      {lastMessage?.join(' ') ?? 'Send'}
    </button>
  );
}
