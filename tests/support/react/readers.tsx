import { useEffect } from 'react';
import {
  type Connection,
  type Frame,
  type HeldConnectionOptions,
  type OutFrame,
  type Snapshot,
  useWebSocket,
  type UseWebSocketResult,
} from '../../../src/index.ts';

export type Field = keyof Snapshot | 'lastMessage';

export const ALL: readonly Field[] = [
  'status',
  'readyState',
  'attempt',
  'retryAt',
  'cause',
  'latency',
  'lastMessage',
];

/** The fields that a committed render of a component has read. */
export type Seen = Partial<Pick<UseWebSocketResult, Field>>;

/** The fields of a connection that has never been open. */
export const CONNECTING: Seen = {
  status: 'connecting',
  readyState: 0,
  attempt: 0,
  retryAt: null,
  cause: null,
  latency: null,
  lastMessage: null,
};

export type OnRender = (seen: Seen, socket: UseWebSocketResult) => void;

export interface ReaderProps {
  /** The fields that the component reads while rendering. */
  readonly read?: readonly Field[] | undefined;
  /** Called after every committed render. */
  readonly onRender?: OnRender | undefined;
}

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** Reads fields of a connection, and returns them as text. */
function useReading(
  socket: UseWebSocketResult,
  { read = ['status'], onRender }: ReaderProps,
): string {
  const seen: Seen = Object.fromEntries(read.map((field) => [field, socket[field]]));
  useEffect(() => onRender?.(seen, socket));
  return read.map((field) => show(seen[field])).join(' ');
}

/** Reads the nearest provider's connection. */
export function Reader(props: ReaderProps) {
  const socket = useWebSocket();
  return <p>{useReading(socket, props)}</p>;
}

export interface OwnReaderProps extends ReaderProps, HeldConnectionOptions<Frame, OutFrame> {}

/** Reads a connection of its own. */
export function OwnReader({ read, onRender, url, ...options }: OwnReaderProps) {
  const socket = useWebSocket(url, options);
  return <p>{useReading(socket, { read, onRender })}</p>;
}

/** Reads a given connection. */
export function GivenReader({
  connection,
  ...props
}: ReaderProps & { readonly connection: Connection }) {
  const socket = useWebSocket(connection);
  return <p>{useReading(socket, props)}</p>;
}
