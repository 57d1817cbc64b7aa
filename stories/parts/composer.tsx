import { useState } from 'react';
import { useWebSocket } from '../../src/index.ts';
import { Button } from '../ui/controls.tsx';
import { FrameView, Panel } from '../ui/panel.tsx';
import { MessageForm } from './message-form.tsx';
import { describeFrame } from './wording.ts';

const outcomes = {
  sent: 'The last message was sent.',
  queued: 'The last message is queued in the outbox until the connection is open again.',
  dropped: 'Dropped: the connection is closed.',
};

/** A form to send messages, and the last message received. */
export function Composer() {
  const { send, lastMessage, status } = useWebSocket();
  const [outcome, setOutcome] = useState<keyof typeof outcomes>();

  return (
    <Panel title="Messages" note="The server echoes every message.">
      <div className="ui-lines">
        <MessageForm
          label="Message"
          placeholder="Write a message"
          onSend={(text) => setOutcome(send(text))}
        >
          <Button onClick={() => setOutcome(send(crypto.getRandomValues(new Uint8Array(16))))}>
            Send 16 bytes
          </Button>
        </MessageForm>
        <output className="ui-note">
          {status === 'closed'
            ? 'A closed connection sends nothing: a message is dropped.'
            : outcome
              ? outcomes[outcome]
              : 'Without a connection, messages wait in the outbox.'}
        </output>
        <FrameView label="Last message">
          {lastMessage === null ? 'none yet' : describeFrame(lastMessage)}
        </FrameView>
      </div>
    </Panel>
  );
}
