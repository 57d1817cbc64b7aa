import { useState } from 'react';
import { useWebSocket, useWebSocketEvent } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { type DemoOptions, DemoProvider } from '../parts/demo-provider.tsx';
import { Steps } from '../parts/steps.tsx';
import { useDamage } from '../parts/use-damage.ts';
import { Button } from '../ui/controls.tsx';
import { Columns, Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

/** Buttons that put the computer to sleep, and the time without a link. */
function Sleep({ asleep }: { asleep: number }) {
  const { connection, status } = useWebSocket();
  const { damage } = useDamage(connection);
  const [isLost, setLost] = useState(false);
  const [downtime, setDowntime] = useState<number>();
  useWebSocketEvent('open', (event) => event.reconnected && setDowntime(event.downtime));
  return (
    <Panel title="The computer">
      <div className="ui-lines">
        <div className="ui-buttons">
          <Button
            kind="primary"
            off={!damage || status !== 'open'}
            onClick={() => {
              setDowntime(undefined);
              if (isLost) damage?.silence();
              damage?.sleep(asleep);
            }}
          >
            Sleep for {asleep / 1_000} s
          </Button>
          <Button pressed={isLost} onClick={() => setLost(!isLost)}>
            Lose the link meanwhile
          </Button>
        </div>
        <output className="ui-note">
          {downtime === undefined
            ? 'The sleep is simulated: the clock jumps, so that you need not wait.'
            : `${(downtime / 1_000).toFixed(1)} s without a sign of life, sleep included. The open event has it as downtime: after a long one, an app fetches what it has missed.`}
        </output>
      </div>
    </Panel>
  );
}

/** A computer that sleeps, and what the connection does when it wakes up. The heartbeat has its default times. */
export function SleepingTab(props: DemoOptions & { asleep: number }) {
  const { asleep, interval = 25_000, timeout = 10_000, ...options } = props;
  return (
    <DemoProvider interval={interval} timeout={timeout} {...options}>
      <Page
        title="Sleeping tab"
        lede="A computer that wakes up, or a frozen tab that resumes, may hold a dead link that still says “open”. The library does not wait for the next regular ping: it sends one at once. Without an answer within about 3 s, a new link opens."
      >
        <ProviderControlBar />
        <Columns>
          <Sleep asleep={asleep} />
          <Steps
            told={[
              {
                fault: 'sleep',
                text: (ms) => `The computer wakes up: its clock has jumped by ${ms / 1_000} s.`,
              },
            ]}
          />
        </Columns>
      </Page>
    </DemoProvider>
  );
}
