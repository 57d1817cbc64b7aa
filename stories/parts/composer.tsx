import { useState } from 'react';
import { useWebSocket } from '../../src/index.ts';
import { Button, Input } from '../ui/controls.tsx';
import { FrameView, Panel } from '../ui/panel.tsx';
import { describeFrame } from './wording.ts';

const outcomes = {
  sent: 'Handed to the socket.',
  queued: 'Waits in the outbox for the next link.',
  dropped: 'Not sent: the connection is closed.',
};

/** Something to send, and the newest thing that came. */
export function Composer() {
  const { send, lastMessage } = useWebSocket();
  const [text, setText] = useState('');
  const [outcome, setOutcome] = useState<keyof typeof outcomes>();

  return (
    <Panel title="Messages" note="The server echoes what it gets.">
      <div className="ui-lines">
        <form
          className="ui-form"
          onSubmit={(event) => {
            event.preventDefault();
            setOutcome(send(text));
            setText('');
          }}
        >
          <Input
            label="Message"
            placeholder="Say something"
            value={text}
            required
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="submit" kind="primary">
            Send
          </Button>
          <Button onClick={() => setOutcome(send(crypto.getRandomValues(new Uint8Array(16))))}>
            Send 16 bytes
          </Button>
        </form>
        <output className="ui-note">
          {outcome
            ? outcomes[outcome]
            : 'While there is no link, messages wait and keep their order.'}
        </output>
        <FrameView label="Last message">
          {lastMessage === null ? 'none yet' : describeFrame(lastMessage)}
        </FrameView>
      </div>
    </Panel>
  );
}
