import { useSyncExternalStore } from 'react';
import { type Connection, useWebSocket } from '../../../src/index.ts';

interface IdProps {
  readonly url?: string;
  readonly connection?: Connection;
}

/** Shows the id of a connection as each render finds it. */
export function IdReader({ url, connection: given }: IdProps) {
  const { status, connection } = useWebSocket((given ?? url) as string);
  // The getter of an object that stays the same: the React Compiler would read it once.
  return <p>{`${idOf(connection, status)} ${status}`}</p>;
}

const idOf = (connection: Connection, _status: string) => connection.id;

/** Shows the id of a connection as the docs say. */
export function LiveId({ url, connection: given }: IdProps) {
  const { status, connection } = useWebSocket((given ?? url) as string);
  const id = useSyncExternalStore(
    connection.subscribe,
    () => connection.id,
    () => '',
  );
  return <p>{`${id} ${status}`}</p>;
}
