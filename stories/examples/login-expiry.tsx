import { useState } from 'react';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';

/** Stands for a login at your server: a session lasts 15 s. */
const logIn = (user: string) => ({ user, end: Date.now() + 15_000 });

export default function App() {
  const [{ user, end }, setSession] = useState(() => logIn('Ada'));
  // Null: the session has expired, and no attempt would help.
  const url = () => (Date.now() < end ? `ws://localhost:8080?token=${end}` : null);
  // Another user is another scope, which connects by itself and gets nothing of the first one.
  const next = user === 'Ada' ? 'Grace' : 'Ada';
  return (
    <WebSocketProvider url={url} scope={user}>
      <Login name={next} onLogin={() => setSession(logIn(next))} />
    </WebSocketProvider>
  );
}

function Login({ name, onLogin }: { name: string; onLogin: () => void }) {
  const { status } = useWebSocket();
  if (status !== 'idle') return <p>Status: {status}</p>;
  return <button onClick={onLogin}>Log in as {name}</button>;
}
