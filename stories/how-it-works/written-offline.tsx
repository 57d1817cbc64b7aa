import { useEffect, useState } from 'react';
import { confirmed, indexedDbStore } from '../../src/delivery.ts';
import { useOutbox, useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';
import { DEMO_HEARTBEAT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { MessageForm } from '../parts/message-form.tsx';
import { useReportedEvents } from '../parts/use-reported-events.ts';
import { Button } from '../ui/controls.tsx';
import { Columns, Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusPill } from '../ui/status.tsx';

interface TabProps {
  room: string;
  isOnline: boolean;
  /** The server has answered a message with the same text. */
  onEcho: (text: string) => void;
}

const STORE = 'written-offline';

const words = { waiting: 'not sent yet', sent: 'sent, not confirmed' };

/** A form, and what the server has not confirmed. */
function Messages({ isOnline }: Pick<TabProps, 'isOnline'>) {
  const { send, status, reconnect, connection } = useWebSocket();
  useReportedEvents(connection);
  const unconfirmed = useOutbox();
  useEffect(reconnect, [isOnline, reconnect]);
  return (
    <div className="ui-lines">
      <div>
        <StatusPill status={status} />
      </div>
      <MessageForm label="Message" placeholder="Write a message" onSend={send} />
      {unconfirmed.length === 0 && <p className="ui-note">The server has confirmed everything.</p>}
      <ol className="ui-fates">
        {unconfirmed.map(({ message, state }, n) => (
          <li key={n} data-tone={state === 'sent' ? 'calm' : 'warn'}>
            <span>{message as string}</span>
            <span className="ui-tag">{words[state]}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** What a tab has: when it is closed, all of it is gone but the store. */
function Tab({ room, isOnline, onEcho }: TabProps) {
  const url = () => {
    if (!isOnline) throw new Error('There is no network.');
    return demoUrl(room, { name: 'You' });
  };
  return (
    <WebSocketProvider
      url={url}
      scope={room}
      heartbeat={lifeline(DEMO_HEARTBEAT)}
      delivery={confirmed({ store: indexedDbStore(STORE) })}
      onMessage={(message) => {
        // What the demo says by itself is JSON.
        if (typeof message === 'string' && !message.startsWith('{')) onEcho(message);
      }}
      onError={() => {}}
    >
      <Messages isOnline={isOnline} />
    </WebSocketProvider>
  );
}

/** The room of this tab of the browser, also after a reload: what waits for another room is dropped. */
function useLastingRoom(given: string): string {
  const own = useRoom(given);
  const [room] = useState(() => given || (sessionStorage.getItem(STORE) ?? own));
  useEffect(() => sessionStorage.setItem(STORE, room), [room]);
  return room;
}

/** A tab that can be closed with messages in it, and what the server has got of them. */
export function WrittenOffline(props: { room?: string }) {
  const room = useLastingRoom(props.room ?? '');
  const [isOnline, setOnline] = useState(true);
  const [isOpen, setOpen] = useState(true);
  const [handled, setHandled] = useState<readonly string[]>([]);
  return (
    <Page
      title="Written offline"
      lede="Go offline, write a few messages, and close the tab. Open it again and go online: the server gets each message once, in the order in which you wrote them. You can also reload this page instead of closing the tab."
    >
      <section className="ui-panel ui-bar" aria-label="What happens">
        <div className="ui-buttons">
          <Button onClick={() => setOnline(!isOnline)}>
            {isOnline ? 'Go offline' : 'Go online'}
          </Button>
          <Button onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Close the tab' : 'Open the tab again'}
          </Button>
        </div>
        <output className="ui-note ui-bar-words">
          {isOnline ? 'You are online.' : 'You are offline: messages wait.'}
        </output>
      </section>
      <Columns>
        <Panel title="Your tab" note={isOpen ? 'tab open' : 'tab closed'}>
          {isOpen ? (
            <Tab
              room={room}
              isOnline={isOnline}
              onEcho={(text) => setHandled((all) => [...all, text])}
            />
          ) : (
            <p className="ui-note">
              The tab is closed. What the server has not confirmed is in IndexedDB, where the next
              tab finds it.
            </p>
          )}
        </Panel>
        <Panel title="The server" note={`${handled.length} received`}>
          {handled.length === 0 && <p className="ui-note">Nothing yet.</p>}
          <ol className="ui-fates">
            {handled.slice(-10).map((text, n) => (
              <li key={n} data-tone="good">
                <span>{text}</span>
              </li>
            ))}
          </ol>
        </Panel>
      </Columns>
    </Page>
  );
}
