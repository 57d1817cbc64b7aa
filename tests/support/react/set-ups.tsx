import { type ReactNode, useEffect } from 'react';
import {
  type Connection,
  createWebSocketHooks,
  useMessages,
  useOutbox,
  useRequest,
  useWebSocket,
  WebSocketProvider,
} from '../../../src/index.ts';
import { usePresence, usePresenceData } from '../../../src/presence.ts';

/** Two set-ups of which each has a context of its own. */
export const inner = createWebSocketHooks(
  {},
  { useOutbox, useRequest, usePresence, usePresenceData },
);
export const outer = createWebSocketHooks({}, { useOutbox, useRequest });

export interface Seen {
  readonly connections: readonly Connection[];
  readonly outboxes: readonly (readonly unknown[])[];
  readonly requests: readonly unknown[];
}

/** Uses the hooks of both set-ups and the plain ones, mixed, in one component. */
export function Mixed({ onRender }: { onRender: (seen: Seen) => void }) {
  const first = inner.useOutbox();
  const plain = useOutbox();
  const last = outer.useOutbox();
  const requests = [inner.useRequest(), useRequest(), outer.useRequest()];
  const connections = [
    inner.useWebSocket().connection,
    useWebSocket().connection,
    outer.useWebSocket().connection,
  ];
  inner.useMessages();
  useMessages();
  const outboxes = [first, plain, last].map((list) => list.map(({ message }) => message));
  useEffect(() => onRender({ connections, outboxes, requests }));
  return null;
}

/** Who is online in the inner set-up. */
export function InnerPresence() {
  const ids = inner.usePresence();
  const data = inner.usePresenceData(null);
  return (
    <p>
      {String(ids)} {String(data)}
    </p>
  );
}

export interface TreeProps {
  readonly children: ReactNode;
  readonly connections: readonly Connection[];
}

/** The three providers, one in another. */
export function Tree({ connections: [first, plain, last], children }: TreeProps) {
  return (
    <inner.WebSocketProvider connection={first}>
      <WebSocketProvider connection={plain}>
        <outer.WebSocketProvider connection={last}>{children}</outer.WebSocketProvider>
      </WebSocketProvider>
    </inner.WebSocketProvider>
  );
}
