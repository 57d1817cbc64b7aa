import { useCallback, useState } from 'react';
import { type AttemptContext, WebSocketProvider } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { EventLog } from '../parts/event-log.tsx';
import { describeCause } from '../parts/wording.ts';
import { issueToken } from '../server/tokens.ts';
import { Button } from '../ui/controls.tsx';
import { Columns, Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { Timeline, type TimelineEntry } from '../ui/timeline.tsx';

/** Stands for a request to the app's own server. A blocked account gets an expired token. */
async function fetchToken(lifetime: number): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return issueToken(lifetime);
}

function Account({ blocked, onChange }: { blocked: boolean; onChange: () => void }) {
  return (
    <Panel title="Account">
      <div className="ui-lines">
        <div className="ui-buttons">
          <Button pressed={blocked} onClick={onChange}>
            Block the account
          </Button>
        </div>
        <p className="ui-note">
          When a token expires, the server closes the connection with code 4401. The next attempt
          gets a new token. If the server refuses that one, too, the connection stays closed.
        </p>
      </div>
    </Panel>
  );
}

/** A url function: each attempt gets a new token, which is valid for some seconds. */
export function Tokens({ room, lifetime = 8_000 }: { room?: string; lifetime?: number }) {
  const ownRoom = useRoom(room);
  const [blocked, setWithdrawn] = useState(false);
  const [fetched, setFetched] = useState<readonly TimelineEntry[]>([]);

  const url = useCallback(
    async ({ cause }: AttemptContext) => {
      const token = await fetchToken(blocked ? 0 : lifetime);
      setFetched((old) => [
        {
          id: (old[0]?.id ?? 0) + 1,
          at: Date.now(),
          tone: blocked ? 'bad' : 'good',
          title: blocked ? 'An expired token' : `A token for ${lifetime / 1000} s`,
          detail: cause ? describeCause(cause) : 'The first attempt.',
        },
        ...old.slice(0, 5),
      ]);
      return demoUrl(ownRoom, { token });
    },
    [blocked, lifetime, ownRoom],
  );

  return (
    <WebSocketProvider
      url={url}
      scope={ownRoom}
      heartbeat={DEMO_HEARTBEAT}
      reconnect={DEMO_RECONNECT}
    >
      <Page
        title="Tokens"
        lede="The url is a function, which gets a new token for each attempt. The server closes the connection when the token expires. A moment later, it is open again, with a new token."
      >
        <ProviderControlBar isQuiet />
        <Columns>
          <Panel title="Fetched tokens">
            <Timeline entries={fetched} />
          </Panel>
          <EventLog />
        </Columns>
        <Account blocked={blocked} onChange={() => setWithdrawn(!blocked)} />
      </Page>
    </WebSocketProvider>
  );
}
