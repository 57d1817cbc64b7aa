import { useState } from 'react';
import { type Connection, useWebSocket, useWebSocketEvent } from '../../src/index.ts';
import {
  type Command,
  isRefusable,
  isSendable,
  MAX_REFUSAL_SECONDS,
  SENDABLE_CODES,
} from '../server/words.ts';
import { Button, Input, Joined } from '../ui/controls.tsx';
import { Countdown } from '../ui/countdown.tsx';
import { StatusPill } from '../ui/status.tsx';
import { describeState } from './wording.ts';

/** A round trip shorter than the shortest heartbeat timeout of a story. */
const SLOW = { min: 300, max: 400 };

/** Texts for a fault of the present link. */
const effects = {
  cut: 'The cable is cut: no frame arrives any more, not even a close frame. Only the heartbeat notices it.',
  mute: 'The server answers no more pings. Other messages still count as signs of life.',
  slow: `Every frame is delayed by ${SLOW.min} to ${SLOW.max} ms, in both directions.`,
  fast: 'The network is fast again.',
};

/** A button for each fault of the demo, and the status, which is announced to screen readers. */
export function ControlBar<In, Out>(props: {
  connection: Connection<In, Out>;
  /** Called with each command to the demo. */
  onCommand?: (word: Command) => void;
  /** The server counts what is sent over the socket, so that commands need the codec of the connection, which is JSON. */
  isCounted?: boolean;
}) {
  const { connection, onCommand, isCounted = false } = props;
  const { status, cause, retryAt, latency, open } = useWebSocket(connection);
  const [effect, setEffect] = useState<keyof typeof effects>();
  const [slow, setSlow] = useState(false);
  const [code, setCode] = useState('1012');
  const [seconds, setSeconds] = useState('5');
  const off = status !== 'open';
  const badCode = !isSendable(Number(code));
  const badSeconds = !isRefusable(Number(seconds));

  // Past the outbox: a queued command would hit the next link.
  const command = (word: Command) => {
    if (isCounted) connection.send(word as Out, { queue: false });
    else connection.socket?.send(JSON.stringify(word));
    onCommand?.(word);
  };

  // A new link has no fault, but a slow network stays slow.
  useWebSocketEvent(
    'open',
    () => {
      setEffect(slow ? 'slow' : undefined);
      if (slow) command({ demo: 'slow', ...SLOW });
    },
    { connection },
  );

  return (
    <section className="ui-panel ui-bar" aria-label="Break the connection">
      <div className="ui-bar-state">
        <StatusPill status={status} />
        {status === 'closed' ? (
          <Button kind="primary" onClick={open}>
            Open again
          </Button>
        ) : (
          <span className="ui-bar-time">
            {retryAt !== null ? (
              <Countdown key={retryAt} to={retryAt} />
            ) : (
              latency !== null && (
                <>
                  <span className="ui-hidden">round trip </span>
                  {describeLatency(latency)}
                </>
              )
            )}
          </span>
        )}
      </div>
      <div className="ui-bar-controls">
        <Button
          off={off}
          onClick={() => {
            command({ demo: 'cut' });
            setEffect('cut');
          }}
        >
          Cut the cable
        </Button>
        <Button off={off} onClick={() => command({ demo: 'drop' })}>
          Kill the TCP connection
        </Button>
        <Joined>
          <Button
            off={off || badCode}
            onClick={() => command({ demo: 'close', code: Number(code) })}
          >
            Close
          </Button>
          <Input
            label="Close code"
            type="number"
            min={1000}
            max={4999}
            value={code}
            aria-invalid={badCode}
            onChange={(event) => setCode(event.target.value)}
          />
        </Joined>
        <Joined unit="s">
          <Button
            off={off || badSeconds}
            onClick={() => {
              command({ demo: 'refuse', seconds: Number(seconds) });
              command({ demo: 'drop' });
            }}
          >
            Refuse for
          </Button>
          <Input
            label="Seconds to refuse connections"
            type="number"
            min={1}
            max={MAX_REFUSAL_SECONDS}
            value={seconds}
            aria-invalid={badSeconds}
            onChange={(event) => setSeconds(event.target.value)}
          />
        </Joined>
        <Button
          pressed={slow}
          onClick={() => {
            if (!off) command({ demo: 'slow', ...(slow ? { min: 0, max: 0 } : SLOW) });
            setEffect(slow ? 'fast' : 'slow');
            setSlow(!slow);
          }}
        >
          Slow network
        </Button>
        <Button
          off={off}
          pressed={effect === 'mute'}
          onClick={() => {
            command({ demo: 'mute' });
            setEffect('mute');
          }}
        >
          Stop answering pings
        </Button>
      </div>
      {/* Without the countdown, which would be announced ten times a second. */}
      <output className="ui-note ui-bar-words">
        {badCode && `The close code must be ${SENDABLE_CODES}. `}
        {badSeconds && `The seconds must be above 0 and at most ${MAX_REFUSAL_SECONDS}. `}
        {status === 'open' && effect ? effects[effect] : describeState(status, cause)}
      </output>
    </section>
  );
}

/** The control bar for the connection of the nearest plain provider. */
export function ProviderControlBar({ onCommand }: { onCommand?: (word: Command) => void }) {
  const { connection } = useWebSocket();
  return <ControlBar connection={connection} {...(onCommand && { onCommand })} />;
}

const describeLatency = (latency: number) =>
  `${latency < 10 ? latency.toFixed(1) : latency.toFixed(0)} ms`;

/** Buttons for the functions of the hook. */
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
