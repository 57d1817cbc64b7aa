import type { Signals } from '../../src/core.ts';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { type DemoOptions, useDemoUrl } from '../parts/demo-provider.tsx';
import { MessageStates } from '../parts/message-states.tsx';
import { Steps } from '../parts/steps.tsx';
import { useDamage } from '../parts/use-damage.ts';
import { Button } from '../ui/controls.tsx';
import { Columns, Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

/** For a connection that does not listen to the browser. */
const noSignals: Signals = () => () => {};

/** A button that takes the network away, and brings it back. The browser tells the page of both. */
function Network() {
  const { connection } = useWebSocket();
  const { damage, isRefusing: isOffline } = useDamage(connection);
  const toggle = () => {
    if (isOffline) damage?.accept();
    else {
      damage?.silence();
      damage?.refuse();
    }
    // As a browser does. The devtools would tell the connection even if it does not listen.
    dispatchEvent(new Event(isOffline ? 'online' : 'offline'));
  };
  return (
    <Panel title="The network">
      <div className="ui-lines">
        <div className="ui-buttons">
          <Button off={!damage} pressed={isOffline} onClick={toggle}>
            Offline
          </Button>
        </div>
        <p className="ui-note">
          “Offline” takes the network from this connection, and raises the event{' '}
          <code>offline</code> of the browser. Pressed again, the network is back, with the event{' '}
          <code>online</code>.
        </p>
      </div>
    </Panel>
  );
}

/** What the connection does when the browser says that it is offline. The times are the defaults. */
export function OfflineTab(props: DemoOptions & { signals: boolean; maxMessages: number }) {
  const { room, signals, interval, timeout, minDelay, baseDelay, maxDelay, maxMessages } = props;
  const hears = (text: string) => (signals ? `The browser says “${text}”.` : 'Nobody is told.');
  return (
    <WebSocketProvider
      // A connection has the same signals for all its life.
      key={String(signals)}
      url={useDemoUrl(room)}
      heartbeat={{ interval, timeout }}
      reconnect={{ minDelay, baseDelay, maxDelay }}
      outbox={{ maxMessages }}
      signals={signals ? undefined : noSignals}
    >
      <Page
        title="Offline tab"
        lede="Browsers only guess whether they are online, so “offline” ends nothing: a ping is sent at once, and the link is lost if no answer comes within about 3 s. Attempts go on, at ever longer intervals. After “online”, the next one follows within about a second. What you send meanwhile waits."
      >
        <ProviderControlBar />
        <Columns>
          <Network />
          <Steps
            told={[
              { fault: 'refuse', text: () => `The network is gone. ${hears('offline')}` },
              { fault: 'accept', text: () => `The network is back. ${hears('online')}` },
            ]}
          />
        </Columns>
        <MessageStates
          note={
            <>
              What you send in the 3 s or so before the loss is noticed goes to the dead link and is
              lost, as with every WebSocket: it stays “sent”. The option <code>delivery</code> sends
              it again.
            </>
          }
        />
      </Page>
    </WebSocketProvider>
  );
}
