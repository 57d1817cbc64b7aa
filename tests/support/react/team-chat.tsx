import { useState } from 'react';
import {
  type Frame,
  type HeldConnectionOptions,
  json,
  type OutFrame,
  useWebSocket,
  WebSocketProvider,
} from '../../../src/index.ts';
import { lifeline, usePresence } from '../../../src/presence.ts';

const { encode, decode } = json<{ text: string }, { text: string }>();

/** A chat such as an app has it, whose connection is made from props. */
export function TeamChat(options: HeldConnectionOptions<Frame, OutFrame>) {
  return (
    <WebSocketProvider heartbeat={lifeline()} {...options}>
      <Conversation />
    </WebSocketProvider>
  );
}

function Conversation() {
  const { status, lastMessage, send, cause } = useWebSocket();
  const colleagues = usePresence();
  const [draft, setDraft] = useState('');
  const isSignedOut = status === 'closed' && cause?.kind === 'close' && cause.code === 4401;
  return (
    <main>
      <h1>{isSignedOut ? 'signed out' : status}</h1>
      <ul>
        {colleagues?.map((id) => (
          <li key={id}>{id}</li>
        ))}
      </ul>
      <p>{lastMessage === null ? 'silence' : decode(lastMessage).text}</p>
      <input value={draft} onChange={(event) => setDraft(event.target.value)} />
      <button onClick={() => send(encode({ text: draft }))}>Send</button>
    </main>
  );
}
