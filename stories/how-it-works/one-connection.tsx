import { type ReactNode, useId, useState } from 'react';
import { useMessage, useWebSocket } from '../../src/index.ts';
import { OwnControls, ProviderControlBar } from '../parts/control-bar.tsx';
import { type DemoOptions, DemoProvider } from '../parts/demo-provider.tsx';
import { useServerView } from '../parts/use-server-view.ts';
import { describeFrame } from '../parts/wording.ts';
import { Button } from '../ui/controls.tsx';
import { Page } from '../ui/page.tsx';
import { Figure } from '../ui/panel.tsx';
import { RenderCount, useRenderCount } from '../ui/render-count.tsx';
import { StatusPill } from '../ui/status.tsx';

function StatusTile() {
  const { status } = useWebSocket();
  return (
    <Tile title="Status" reads="status" count={useRenderCount()}>
      <StatusPill status={status} />
    </Tile>
  );
}

function LatencyTile() {
  const { latency } = useWebSocket();
  return (
    <Tile title="Round trip" reads="latency" count={useRenderCount()}>
      <Figure label="The last ping took" unit={latency === null ? '' : 'ms'}>
        {latency === null ? '–' : latency.toFixed(1)}
      </Figure>
    </Tile>
  );
}

function SenderTile() {
  const { send } = useWebSocket();
  return (
    <Tile title="Sender" reads="send" count={useRenderCount()}>
      <Button
        kind="primary"
        onClick={() => {
          for (let n = 1; n <= 100; n++) send(`echo ${n}`);
        }}
      >
        Send 100 messages
      </Button>
    </Tile>
  );
}

function LastMessageTile() {
  const { lastMessage } = useWebSocket();
  return (
    <Tile title="Last message" reads="lastMessage" count={useRenderCount()}>
      <code className="ui-frame">
        {lastMessage === null ? 'none yet' : describeFrame(lastMessage)}
      </code>
    </Tile>
  );
}

function EchoTile() {
  const [echoes, setEchoes] = useState(0);
  useMessage((frame) => {
    if (typeof frame === 'string' && frame.startsWith('echo')) setEchoes((n) => n + 1);
  });
  return (
    <Tile title="Echoes" reads="useMessage" count={useRenderCount()}>
      <Figure label="Messages that the handler got">{echoes}</Figure>
    </Tile>
  );
}

function Tile(props: {
  title: string;
  reads: string;
  count: ReturnType<typeof useRenderCount>;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="ui-panel ui-tile" aria-labelledby={id}>
      <div className="ui-panel-head">
        <h2 id={id}>{props.title}</h2>
        <p className="ui-note">
          uses <code>{props.reads}</code>
        </p>
      </div>
      <div className="ui-tile-body">{props.children}</div>
      <RenderCount count={props.count} />
    </section>
  );
}

function ServerCount() {
  const { clients } = useServerView();
  const { status } = useWebSocket();
  const known = status === 'open' ? clients : null;
  return (
    <section className="ui-panel ui-row" aria-label="Server">
      <Figure
        label="The server sees"
        unit={known === null ? '' : known === 1 ? 'client' : 'clients'}
      >
        {known ?? 'not known'}
      </Figure>
      <OwnControls />
    </section>
  );
}

/** Five components below one provider. Each renders only for the fields that it reads. */
export function ManyComponents(options: DemoOptions) {
  return (
    <DemoProvider {...options}>
      <Page
        title="One connection, many components"
        lede="Five components share one socket. Each component renders again only when a field that it uses changes."
      >
        <ProviderControlBar />
        <ServerCount />
        <div className="ui-tiles">
          <StatusTile />
          <LatencyTile />
          <SenderTile />
          <LastMessageTile />
          <EchoTile />
        </div>
      </Page>
    </DemoProvider>
  );
}
