import { useEffect } from 'react';
import { type Connection, useOutbox, useWebSocket } from '../../../src/index.ts';

interface Props {
  readonly onRender: (messages: readonly unknown[], list: readonly unknown[]) => void;
  readonly connection?: Connection | undefined;
}

/** Tells what waits in the outbox after every committed render. */
export function OutboxReader({ onRender, connection }: Props) {
  const list = useOutbox({ connection });
  useEffect(() =>
    onRender(
      list.map(({ message }) => message),
      list,
    ),
  );
  return null;
}

/** Tells what waits in the outbox of a connection of its own, and sends a text once. */
export function OwnOutboxReader({ url, text, onRender }: Props & { url: string; text: string }) {
  const { connection, send } = useWebSocket(url);
  useEffect(() => void send(text), [send, text]);
  return <OutboxReader connection={connection} onRender={onRender} />;
}
