import { Activity, StrictMode, useState } from 'react';
import {
  createWebSocketHooks,
  json,
  useWebSocket,
  useWebSocketEvent,
  WebSocketProvider,
} from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import type { Command, ServerWord } from '../server/words.ts';
import { Button } from '../ui/controls.tsx';
import { Page, Stack } from '../ui/page.tsx';
import { Fact, Facts, Panel } from '../ui/panel.tsx';

/** Another client in the room, which shows what the server sees. */
const observer = createWebSocketHooks<ServerWord, Command>({ codec: json() });

const isAboutClients = (word: ServerWord) => word.demo === 'clients';

function App() {
  const { status } = useWebSocket();
  const [links, setLinks] = useState(0);
  useWebSocketEvent('open', () => setLinks((n) => n + 1));
  return (
    <Panel title="The app" note="In StrictMode: every effect runs twice in development.">
      <Facts>
        <Fact name="status">{status}</Fact>
        <Fact name="connections so far">{links}</Fact>
      </Facts>
    </Panel>
  );
}

const describeClients = (names: readonly string[] | undefined): string =>
  names?.length === 0 ? 'none' : names ? `${names.length} (${names.join(', ')})` : 'not known yet';

function Observer(props: { shown: boolean; linger: number; onChange: () => void }) {
  const { shown, linger, onChange } = props;
  const [newest] = observer.useMessages({ limit: 1, filter: isAboutClients });
  const others = newest?.names.filter((name) => name !== 'Observer');
  return (
    <Panel title="What the server sees">
      <div className="ui-lines">
        <Facts>
          <Fact name="connections">{describeClients(others)}</Fact>
        </Facts>
        <div className="ui-buttons">
          <Button kind="primary" onClick={onChange}>
            {shown ? 'Hide the app' : 'Show the app'}
          </Button>
        </div>
        <p className="ui-note">
          A hidden app keeps its state. Its connection closes {linger / 1000} s later: that is the
          option <code>linger</code>. If the app is shown again before that, its connection is still
          open.
        </p>
      </div>
    </Panel>
  );
}

/** One connection in StrictMode, and none while the app is hidden. */
export function StrictModeAndActivity(props: { room?: string; linger?: number }) {
  const { linger = 1_000 } = props;
  const room = useRoom(props.room);
  const [shown, setShown] = useState(true);
  return (
    <observer.WebSocketProvider url={demoUrl(room, { name: 'Observer' })}>
      <Page
        title="StrictMode and Activity"
        lede="In development, StrictMode runs every effect twice; Activity hides parts of an app. The server never sees more than one connection of the app, and none while the app is hidden."
      >
        <Observer shown={shown} linger={linger} onChange={() => setShown(!shown)} />
        <StrictMode>
          <Activity mode={shown ? 'visible' : 'hidden'}>
            <WebSocketProvider
              url={demoUrl(room, { name: 'App' })}
              heartbeat={DEMO_HEARTBEAT}
              reconnect={DEMO_RECONNECT}
              linger={linger}
            >
              <Stack>
                <ProviderControlBar />
                <App />
              </Stack>
            </WebSocketProvider>
          </Activity>
        </StrictMode>
      </Page>
    </observer.WebSocketProvider>
  );
}
