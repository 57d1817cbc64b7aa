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

/** Reads no field, and passes the whole result to its children. */
export function Parent({ onStatusRender, onSenderRender }: ParentProps) {
  const socket = useWebSocket();
  return (
    <>
      <MemoStatus socket={socket} onRender={onStatusRender} />
      <MemoSender socket={socket} onRender={onSenderRender} />
    </>
  );
}

/** Reads a field only while `show` is set. */
export function OptionalReader({ show, onRender }: { show: boolean; onRender?: () => void }) {
  const socket = useWebSocket();
  useEffect(() => onRender?.());
  return <p>{show ? JSON.stringify(socket.lastMessage) : 'hidden'}</p>;
}

/** Spreads the result. */
export function Spreader({ onSpread }: { onSpread: (spread: object) => void }) {
  const socket = useWebSocket();
  // oxlint-disable-next-line no-misused-spread -- that is what is tested
  const spread = { ...socket };
  useEffect(() => onSpread(spread));
  return null;
}

// Outside the component: the React Compiler would read these fields in render, to compare them.
const fieldsOf = ({ status, attempt, lastMessage }: UseWebSocketResult) => [
  status,
  attempt,
  lastMessage,
];

/** Reads fields only in a click handler. */
export function ClickReader({ onRead }: { onRead: (fields: unknown) => void }) {
  const socket = useWebSocket();
  return (
    <button type="button" onClick={() => onRead(fieldsOf(socket))}>
      read
    </button>
  );
}

/** Sends a text in an effect. */
export function Greeter({ text }: { text: string }) {
  const { send } = useWebSocket();
  useEffect(() => void send(text), [send, text]);
  return null;
}
