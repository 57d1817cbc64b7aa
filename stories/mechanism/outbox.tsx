import { useState } from 'react';
import { useMessage, useWebSocket, useWebSocketEvent, WebSocketProvider } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, useDemoUrl } from '../parts/demo-provider.tsx';
import { Button } from '../ui/controls.tsx';
import { Columns, Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

type State = 'queued' | 'sent' | 'echoed' | 'dropped';

const words: Record<State, { tone: string; word: string }> = {
  queued: { tone: 'warn', word: 'waits in the outbox' },
  sent: { tone: 'calm', word: 'handed to the socket' },
  echoed: { tone: 'good', word: 'has come back' },
  dropped: { tone: 'bad', word: 'given up' },
};

/** What became of each message that was sent. */
function useFates() {
  const { send } = useWebSocket();
  const [fates, setFates] = useState<readonly { text: string; state: State }[]>([]);
  const become = (texts: readonly unknown[], state: State) =>
    setFates((all) => all.map((fate) => (texts.includes(fate.text) ? { ...fate, state } : fate)));

  useWebSocketEvent('flush', (messages) => become(messages, 'sent'));
  useWebSocketEvent('drop', (messages) => become(messages, 'dropped'));
  useMessage((message) => become([message], 'echoed'));

  const write = (options?: { queue: boolean }) => {
    const text = `message ${fates.length + 1}`;
    // First on the list, then on its way: a full outbox gives up an older one at once.
    setFates((all) => [...all, { text, state: 'sent' }]);
    become([text], send(text, options));
  };
  return { fates, write };
}

function Messages() {
  const { fates, write } = useFates();
  return (
    <Columns>
      <Panel title="Send" note="Break the connection first.">
        <div className="ui-lines">
          <div className="ui-buttons">
            <Button kind="primary" onClick={() => write()}>
              Send
            </Button>
            <Button onClick={() => write({ queue: false })}>Send now or never</Button>
          </div>
          <p className="ui-note">
            The outbox of this story takes five messages. A sixth pushes out the oldest; “now or
            never” never waits in it.
          </p>
        </div>
      </Panel>
      <Panel title="What became of it" note={`${fates.length} so far`}>
        {fates.length === 0 && <p className="ui-note">Nothing has been sent.</p>}
        <ol className="ui-fates">
          {fates.slice(-10).map(({ text, state }) => (
            <li key={text} data-tone={words[state].tone}>
              <span>{text}</span>
              <span className="ui-tag">{words[state].word}</span>
            </li>
          ))}
        </ol>
      </Panel>
    </Columns>
  );
}

/** Messages that are sent while there is no link, and what becomes of them. */
export function Outbox({ room = '' }: { room?: string }) {
  return (
    <WebSocketProvider
      url={useDemoUrl(room)}
      heartbeat={DEMO_HEARTBEAT}
      reconnect={{ baseDelay: 1_000 }}
      outbox={{ maxMessages: 5 }}
    >
      <Page
        title="Queue while offline"
        lede="What is sent without a link waits in a bounded outbox, in order, and goes out first thing on the next one. Nothing is given up without a word."
      >
        <ProviderControlBar />
        <Messages />
      </Page>
    </WebSocketProvider>
  );
}
