import { useState } from 'react';
import { createWebSocketHooks, json } from '../../src/index.ts';
import { createControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import type { Command, ServerWord } from '../server/words.ts';
import { Button } from '../ui/controls.tsx';
import { Columns, Page } from '../ui/page.tsx';
import { Fact, Facts, Panel } from '../ui/panel.tsx';
import { StatusPill } from '../ui/status.tsx';

// Each factory has its own context and types, so both can be used in one tree.
const text = createWebSocketHooks({
  heartbeat: DEMO_HEARTBEAT,
  reconnect: DEMO_RECONNECT,
});
const words = createWebSocketHooks<ServerWord, Command>({
  codec: json(),
  heartbeat: DEMO_HEARTBEAT,
  reconnect: DEMO_RECONNECT,
});

function Text() {
  const { status, lastMessage, send, connection } = text.useWebSocket();
  const [count, setCount] = useState(1);
  return (
    <Panel title="Text" note={<StatusPill status={status} />}>
      <div className="ui-lines">
        <Facts>
          <Fact name="id">{connection.id.slice(0, 8)}</Fact>
          <Fact name="lastMessage">
            {typeof lastMessage === 'string' ? lastMessage : 'none yet'}
          </Fact>
        </Facts>
        <div className="ui-buttons">
          <Button
            onClick={() => {
              send(`echo ${count}`);
              setCount(count + 1);
            }}
          >
            Send text
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function Words() {
  const { status, lastMessage, send, connection } = words.useWebSocket();
  return (
    <Panel title="Typed messages" note={<StatusPill status={status} />}>
      <div className="ui-lines">
        <Facts>
          <Fact name="id">{connection.id.slice(0, 8)}</Fact>
          <Fact name="lastMessage.demo">{lastMessage?.demo ?? 'null'}</Fact>
          <Fact name="names">
            {lastMessage?.demo === 'clients' ? lastMessage.names.join(', ') : 'not in this message'}
          </Fact>
        </Facts>
        <div className="ui-buttons">
          <Button onClick={() => send({ demo: 'count' })}>Ask who is here</Button>
        </div>
      </div>
    </Panel>
  );
}

const ControlBar = createControlBar(text.useWebSocket);

/** Two connections for the same components. A fault of one does not change the other. */
export function SeveralConnections(props: { room?: string }) {
  const room = useRoom(props.room);
  return (
    <text.WebSocketProvider url={demoUrl(room, { name: 'Text' })}>
      <words.WebSocketProvider url={demoUrl(room, { name: 'Typed messages' })}>
        <Page
          title="Several connections"
          lede="The same components use two connections. Each has its own context, codec and types. The buttons break the first one; the second one stays open."
        >
          <ControlBar title="Connection “Text”" />
          <Columns>
            <Text />
            <Words />
          </Columns>
        </Page>
      </words.WebSocketProvider>
    </text.WebSocketProvider>
  );
}
