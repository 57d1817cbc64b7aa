import { useCallback, useState } from 'react';
import { type AttemptContext, WebSocketProvider } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { EventLog } from '../parts/event-log.tsx';
import { describeCause } from '../parts/wording.ts';
import { issueToken } from '../server/tokens.ts';
import { Button } from '../ui/controls.tsx';
import { Columns, Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { Timeline, type TimelineEntry } from '../ui/timeline.tsx';

/** As one would ask one's own server. A withdrawn account gets a token that has ended already. */
async function fetchToken(lifetime: number): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return issueToken(lifetime);
}

function Account({ withdrawn, onChange }: { withdrawn: boolean; onChange: () => void }) {
  return (
    <Panel title="The account">
      <div className="ui-lines">
        <div className="ui-buttons">
          <Button pressed={withdrawn} onClick={onChange}>
            Withdraw the account
          </Button>
        </div>
        <p className="ui-note">
          The server closes with 4401 when a token ends. That gets one try with a fresh token; if
          that one is refused as well, a third would be in vain.
        </p>
      </div>
    </Panel>
  );
}

/** A url that is made anew for every attempt, with a token that is good for some seconds. */
export function Tokens({ room, lifetime = 8_000 }: { room?: string; lifetime?: number }) {
  const ownRoom = useRoom(room);
  const [withdrawn, setWithdrawn] = useState(false);
  const [fetched, setFetched] = useState<readonly TimelineEntry[]>([]);

  const url = useCallback(
    async ({ cause }: AttemptContext) => {
      const token = await fetchToken(withdrawn ? 0 : lifetime);
      setFetched((old) => [
        {
          id: (old[0]?.id ?? 0) + 1,
          at: Date.now(),
          tone: withdrawn ? 'bad' : 'good',
          title: withdrawn ? 'A token without value' : `A token for ${lifetime / 1000} s`,
          detail: cause ? describeCause(cause) : 'The first attempt.',
        },
        ...old.slice(0, 5),
      ]);
      return demoUrl(ownRoom, { token });
    },
    [withdrawn, lifetime, ownRoom],
  );

  return (
    <WebSocketProvider
      url={url}
      scope={ownRoom}
      heartbeat={DEMO_HEARTBEAT}
      reconnect={{ baseDelay: 500 }}
    >
      <Page
        title="Tokens"
        lede="The url is a function here. Each attempt calls it and gets a fresh token; the link ends with its token, and the next one is open a moment later."
      >
        <ProviderControlBar />
        <Columns>
          <Panel title="Tokens that were fetched">
            <Timeline entries={fetched} />
          </Panel>
          <EventLog />
        </Columns>
        <Account withdrawn={withdrawn} onChange={() => setWithdrawn(!withdrawn)} />
      </Page>
    </WebSocketProvider>
  );
}
