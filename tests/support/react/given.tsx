import { type ReactNode, useLayoutEffect } from 'react';
import {
  type Connection,
  type Frame,
  type HeldConnectionOptions,
  type OutFrame,
  useMessages,
  useTopic,
  useWebSocket,
  WebSocketProvider,
} from '../../../src/index.ts';
import { usePresence } from '../../../src/presence.ts';

/** Everything that the hooks show of a connection. */
export interface Shown {
  readonly status: string;
  readonly snapshot: string;
  readonly lastMessage: Frame | null;
  readonly latest: Frame | null;
  readonly messages: readonly Frame[];
  readonly topic: Frame | null;
  readonly online: readonly string[] | null;
  readonly isOnline: boolean | null;
}

export const NOTHING: Shown = {
  status: 'connecting',
  snapshot: 'connecting',
  lastMessage: null,
  latest: null,
  messages: [],
  topic: null,
  online: null,
  isOnline: null,
};

export interface GivenProps {
  /** Called after every committed render. */
  readonly onRender: (shown: Shown, connection: Connection) => void;
}

/** Reads a connection with every hook that can be given one, and in an effect without one. */
function useEverything(connection: Connection, { onRender }: GivenProps): string {
  const { status, lastMessage } = useWebSocket(connection);
  const messages = useMessages({ connection });
  const topic = useTopic('topic', { connection });
  const online = usePresence({ connection });
  const isOnline = usePresence('ada', { connection });
  useLayoutEffect(() => {
    const { status: snapshot } = connection.getSnapshot();
    const { lastMessage: latest } = connection;
    onRender(
      { status, snapshot, lastMessage, latest, messages, topic, online, isOnline },
      connection,
    );
  });
  return status;
}

/** Reads everything of a given connection. */
export function Everything({
  connection,
  ...props
}: GivenProps & { readonly connection: Connection }) {
  return <p>{useEverything(connection, props)}</p>;
}

/** Reads everything of the nearest connection. */
function NearestEverything(props: GivenProps) {
  const { connection } = useWebSocket();
  return <p>{useEverything(connection, props)}</p>;
}

export type OwnerProps = GivenProps & HeldConnectionOptions<Frame, OutFrame>;

/** Makes a connection, and reads everything of it itself. */
export function OwnEverything({ onRender, url, ...options }: OwnerProps) {
  const { connection } = useWebSocket(url, options);
  return <p>{useEverything(connection, { onRender })}</p>;
}

/** Makes a connection, and gives it to a child. */
export function ParentOfGiven({ onRender, url, ...options }: OwnerProps) {
  const { connection } = useWebSocket(url, options);
  return <Everything connection={connection} onRender={onRender} />;
}

/** Makes a connection, and gives it to a provider. */
export function ParentOfProvider({ onRender, url, ...options }: OwnerProps) {
  const { connection } = useWebSocket(url, options);
  return (
    <WebSocketProvider connection={connection}>
      <NearestEverything onRender={onRender} />
    </WebSocketProvider>
  );
}

/** Makes a provider, whose connection a child reads by giving it to the hooks. */
export function ProviderOfGiven({ onRender, ...options }: OwnerProps) {
  return (
    <WebSocketProvider {...options}>
      <NearestEverything onRender={onRender} />
    </WebSocketProvider>
  );
}

/** Shows children, or suspends. */
export function Gated({
  gate,
  children,
}: {
  readonly gate: Promise<void> | null;
  readonly children?: ReactNode;
}) {
  if (gate) throw gate;
  return children;
}
