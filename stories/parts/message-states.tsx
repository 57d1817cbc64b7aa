import { type ReactNode, useState } from 'react';
import { type Status, useMessage, useWebSocket, useWebSocketEvent } from '../../src/index.ts';
import { Button } from '../ui/controls.tsx';
import { Columns } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

type State = 'queued' | 'sent' | 'echoed' | 'dropped';

const words: Record<State, { tone: string; word: string }> = {
  queued: { tone: 'warn', word: 'queued in the outbox' },
  sent: { tone: 'calm', word: 'sent' },
  echoed: { tone: 'good', word: 'echoed by the server' },
  dropped: { tone: 'bad', word: 'dropped' },
};

/** What becomes of a message that is sent now. */
function describeSending(status: Status): string {
  if (status === 'open') return 'Break the connection first.';
  return status === 'closed' ? 'Closed: what you send is dropped.' : 'What you send waits.';
}

/** The state of each message. */
function useMessageStates() {
  const { send } = useWebSocket();
  const [messages, setMessages] = useState<readonly { text: string; state: State }[]>([]);
  const mark = (texts: readonly unknown[], state: State) =>
    setMessages((all) =>
      all.map((message) => (texts.includes(message.text) ? { ...message, state } : message)),
    );

  useWebSocketEvent('flush', (sent) => mark(sent, 'sent'));
  useWebSocketEvent('drop', (dropped) => mark(dropped, 'dropped'));
  useMessage((message) => mark([message], 'echoed'));

  const write = (options?: { queue: boolean }) => {
    const text = `message ${messages.length + 1}`;
    // Added to the list before it is sent, since a full outbox drops an older message during the call.
    setMessages((all) => [...all, { text, state: 'sent' }]);
    mark([text], send(text, options));
  };
  return { messages, write };
}

/** Buttons that send messages, a note about them, and the state of each message. */
export function MessageStates({ note }: { note: ReactNode }) {
  const { messages, write } = useMessageStates();
  const { status } = useWebSocket();
  return (
    <Columns>
      <Panel title="Send" note={describeSending(status)}>
        <div className="ui-lines">
          <div className="ui-buttons">
            <Button kind="primary" onClick={() => write()}>
              Send
            </Button>
            <Button onClick={() => write({ queue: false })}>Send without queueing</Button>
          </div>
          <p className="ui-note">{note}</p>
        </div>
      </Panel>
      <Panel title="Messages" note={`${messages.length} so far`}>
        {messages.length === 0 && <p className="ui-note">Nothing yet.</p>}
        <ol className="ui-fates">
          {messages.slice(-10).map(({ text, state }) => (
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
