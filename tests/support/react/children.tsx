import { memo, useEffect } from 'react';
import { useWebSocket, type UseWebSocketResult } from '../../../src/index.ts';

interface ChildProps {
  readonly socket: UseWebSocketResult;
  readonly onRender?: (() => void) | undefined;
}

/** A memoised child that gets the whole result and reads one field of it. */
const MemoStatus = memo(function MemoStatus({ socket, onRender }: ChildProps) {
  useEffect(() => onRender?.());
  return <b>{socket.status}</b>;
});

/** A memoised child that gets the whole result and reads none of its fields. */
const MemoSender = memo(function MemoSender({ socket, onRender }: ChildProps) {
  useEffect(() => onRender?.());
  return (
    <button type="button" onClick={() => socket.send('clicked')}>
      send
    </button>
  );
});

interface ParentProps {
  readonly onStatusRender?: (() => void) | undefined;
  readonly onSenderRender?: (() => void) | undefined;
}

/** Reads nothing itself, and hands the result on. */
export function Parent({ onStatusRender, onSenderRender }: ParentProps) {
  const socket = useWebSocket();
  return (
    <>
      <MemoStatus socket={socket} onRender={onStatusRender} />
      <MemoSender socket={socket} onRender={onSenderRender} />
    </>
  );
}

/** Reads a field only while told to. */
export function Fickle({ show, onRender }: { show: boolean; onRender?: () => void }) {
  const socket = useWebSocket();
  useEffect(() => onRender?.());
  return <p>{show ? JSON.stringify(socket.lastMessage) : 'hidden'}</p>;
}

/** Spreads the result, as a component that hands it on does. */
export function Spreader({ onSpread }: { onSpread: (spread: object) => void }) {
  const socket = useWebSocket();
  const spread = { ...socket };
  useEffect(() => onSpread(spread));
  return null;
}

// Apart from the component: the React Compiler reads in render what it finds read in a handler, to compare it.
const answer = ({ status, attempt, lastMessage }: UseWebSocketResult) => [
  status,
  attempt,
  lastMessage,
];

/** Reads fields only when a user asks for them. */
export function Asker({ onAnswer }: { onAnswer: (answer: unknown) => void }) {
  const socket = useWebSocket();
  return (
    <button type="button" onClick={() => onAnswer(answer(socket))}>
      ask
    </button>
  );
}

/** Sends a text in an effect. */
export function Greeter({ text }: { text: string }) {
  const { send } = useWebSocket();
  useEffect(() => void send(text), [send, text]);
  return null;
}
