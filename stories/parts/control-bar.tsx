import { useState } from 'react';
import { useWebSocket } from '../../src/index.ts';
import { MAX_REFUSAL_SECONDS } from '../server/words.ts';
import { Action, Actions, Button, Input } from '../ui/controls.tsx';
import { Panel } from '../ui/panel.tsx';
import { useCommand } from './use-demo.ts';

/** A button for each harm that the demo server can do to this connection. */
export function ControlBar() {
  const { status } = useWebSocket();
  const command = useCommand();
  const [code, setCode] = useState('1012');
  const [seconds, setSeconds] = useState('5');
  const off = status !== 'open';

  return (
    <Panel title="Break it" note="The server does it, to this connection only.">
      <Actions>
        <Action
          name="Cut the cable"
          effect="Nothing comes through any more, not even a goodbye. Only the heartbeat can tell."
        >
          {(id) => (
            <Button off={off} aria-describedby={id} onClick={() => command({ demo: 'cut' })}>
              Cut
            </Button>
          )}
        </Action>
        <Action name="Drop" effect="The TCP connection ends without a close frame.">
          {(id) => (
            <Button off={off} aria-describedby={id} onClick={() => command({ demo: 'drop' })}>
              Drop
            </Button>
          )}
        </Action>
        <Action
          name="Close with a code"
          effect="1012 is a restart; after 1002 or 1009 a retry would be in vain; 4401 gets one."
          wide
        >
          {(id) => (
            <>
              <Input
                label="Close code"
                type="number"
                min={1000}
                max={4999}
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
              <Button
                off={off}
                aria-describedby={id}
                onClick={() => command({ demo: 'close', code: Number(code) })}
              >
                Close
              </Button>
            </>
          )}
        </Action>
        <Action name="Mute pongs" effect="Pings stay unanswered; echoes still prove life.">
          {(id) => (
            <Button off={off} aria-describedby={id} onClick={() => command({ demo: 'mute' })}>
              Mute
            </Button>
          )}
        </Action>
        <Action
          name="Refuse"
          effect="Drops this link and turns every new one away, for so many seconds."
          wide
        >
          {(id) => (
            <>
              <Input
                label="Seconds to refuse"
                type="number"
                min={1}
                max={MAX_REFUSAL_SECONDS}
                value={seconds}
                onChange={(event) => setSeconds(event.target.value)}
              />
              <Button
                off={off}
                aria-describedby={id}
                onClick={() => {
                  command({ demo: 'refuse', seconds: Number(seconds) });
                  command({ demo: 'drop' });
                }}
              >
                Refuse
              </Button>
            </>
          )}
        </Action>
      </Actions>
    </Panel>
  );
}

/** What the application itself can do with its connection. */
export function OwnControls() {
  const { open, close, reconnect } = useWebSocket();
  return (
    <div className="ui-buttons">
      <Button onClick={reconnect}>
        <code>reconnect()</code>
      </Button>
      <Button onClick={() => close()}>
        <code>close()</code>
      </Button>
      <Button onClick={open}>
        <code>open()</code>
      </Button>
    </div>
  );
}
