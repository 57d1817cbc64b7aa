import { useState } from 'react';
import { type ConnectionOptions, createWebSocketHooks, json } from '../../src/index.ts';
import { createControlBar } from '../parts/control-bar.tsx';
import { DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { Columns, Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { isBroken } from '../ui/status.tsx';
import { Timeline, type TimelineEntry } from '../ui/timeline.tsx';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: {
    readonly token?: string;
    readonly query?: string;
    readonly data?: { readonly price: number };
  };
}

/** What this server expects, which is not ours. Its login is below, since it needs the token. */
const graphql = {
  codec: json<Message, Message>(),
  heartbeat: {
    interval: 2_000,
    timeout: 2_000,
    ping: '{"type":"ping"}',
    pong: '{"type":"pong"}',
  },
  topics: {
    of: ({ type, id }) => (type === 'next' ? id : null),
    subscribe: (ids) => ids.map((id) => ({ type: 'subscribe', id, payload: { query: id } })),
    unsubscribe: (ids) => ids.map((id) => ({ type: 'complete', id })),
  },
  reconnect: DEMO_RECONNECT,
} satisfies ConnectionOptions<Message, Message>;

const hooks = createWebSocketHooks(graphql);

/** The close code for a bad token. */
const FORBIDDEN = 4403;

const QUERIES = ['subscription { acme }', 'subscription { zenith }'];

function Price({ query }: { query: string }) {
  const { status } = hooks.useWebSocket();
  const price = hooks.useTopic(query)?.payload?.data?.price;
  return (
    <li data-tone="calm">
      <code>{query}</code>
      <span className="ui-tag">
        {price?.toFixed(2) ?? (status === 'closed' ? 'no data' : 'no data yet')}
      </span>
    </li>
  );
}

function Subscriptions() {
  const { status } = hooks.useWebSocket();
  return (
    <Panel title="Subscriptions" note={isBroken(status) && 'No connection: last known'}>
      <ul className="ui-fates">
        {QUERIES.map((query) => (
          <Price key={query} query={query} />
        ))}
      </ul>
    </Panel>
  );
}

const ControlBar = createControlBar(hooks.useWebSocket);

/** A server that speaks graphql-transport-ws, described in options. */
export function AnotherProtocol({ room, token = 'good' }: { room?: string; token?: string }) {
  const url = demoUrl(useRoom(room), { graphql: '' });
  const [steps, setSteps] = useState<readonly TimelineEntry[]>([]);
  const note = (title: string, tone: TimelineEntry['tone']) =>
    setSteps((old) => [
      { id: (old[0]?.id ?? 0) + 1, at: Date.now(), title, tone },
      ...old.slice(0, 5),
    ]);

  return (
    <hooks.WebSocketProvider
      key={token}
      url={url}
      handshake={async ({ send, receive }) => {
        send({ type: 'connection_init', payload: { token } });
        note(`Sent: connection_init with a ${token} token`, 'warn');
        while ((await receive()).type !== 'connection_ack');
        note('Received: connection_ack', 'good');
      }}
      onClose={(cause) => {
        if (cause.kind === 'close' && cause.code === FORBIDDEN)
          note(`Received: closed with ${FORBIDDEN}, ${cause.reason}`, 'bad');
      }}
    >
      <Page
        title="Protocol of another server"
        lede="The server here speaks graphql-transport-ws, the protocol of graphql-ws. Its login, its pings and its subscriptions are described in options. Nothing else is sent before the server has answered the login."
      >
        <ControlBar />
        <Columns>
          <Panel title="Login" note="On each new link">
            <Timeline entries={steps} />
          </Panel>
          <Subscriptions />
        </Columns>
      </Page>
    </hooks.WebSocketProvider>
  );
}
