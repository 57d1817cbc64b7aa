import { useState } from 'react';
import { isCloseCode } from '../../src/devtools/recorder/close-code.ts';
import {
  type Connection,
  type Frame,
  type OutFrame,
  useWebSocket,
  useWebSocketEvent,
} from '../../src/index.ts';
import { type Command, isRefusable, MAX_REFUSAL_SECONDS } from '../server/words.ts';
import { Button, Input, Joined } from '../ui/controls.tsx';
import { BarState } from './bar-state.tsx';
import { useDamage } from './use-damage.ts';
import { describeOutcome, useOutcome } from './use-outcome.ts';
import { useReportedEvents } from './use-reported-events.ts';
import { describeState, isOfAttempt } from './wording.ts';

/** Milliseconds, one way: a round trip shorter than the shortest heartbeat timeout of a story. */
const SLOW = 300;

/** Texts for a fault of the present link. */
const effects = {
  cut: 'The cable is cut: no data arrives, not even a close frame. Only the heartbeat can notice it.',
  mute: 'The server does not answer pings now. Other messages still prove that it is alive.',
  unmute: 'The server answers pings again.',
  slow: `Every frame is delayed by ${SLOW} ms, in both directions.`,
  fast: 'The network is fast again.',
};

/** A button for each fault, what became of the last one, and the status, which is announced to screen readers. */
export function ControlBar<In, Out>(props: {
  connection: Connection<In, Out>;
  /** Which connection it is, where a page has several. */
  title?: string;
  /** The cable is cut. */
  onCut?: () => void;
  /** The server counts what is sent over the socket, so that commands need the codec of the connection, which is JSON. */
  isCounted?: boolean;
  /** For a connection that is replaced again and again: only its end is announced. */
  isQuiet?: boolean;
}) {
  const { connection, title, onCut, isCounted = false, isQuiet = false } = props;
  const { status, cause, retryAt, latency, open, reconnect } = useWebSocket(connection);
  useReportedEvents(connection);
  const { outcome, begin } = useOutcome(connection);
  const [effect, setEffect] = useState<keyof typeof effects>();
  const { damage, isSlow } = useDamage(connection);
  const [isMuted, setMuted] = useState(false);
  const [isAttempt, setIsAttempt] = useState(false);
  const off = status !== 'open';

  // A command to the server, for faults that only a server can make. It does not wait in the outbox: there it would reach the next link.
  const command = (word: Command) => {
    if (isCounted) connection.send(word as Out, { queue: false });
    else connection.socket?.send(JSON.stringify(word));
  };
  const start = (fault: string, during?: string) => {
    setEffect(undefined);
    begin(fault, during);
  };

  // A new link has no fault, but a slow network stays slow.
  useWebSocketEvent(
    'open',
    () => {
      setMuted(false);
      setEffect(isSlow ? 'slow' : undefined);
    },
    { connection },
  );
  // The snapshot is still that of before the end.
  useWebSocketEvent('close', () => setIsAttempt(isOfAttempt(connection.getSnapshot().status)), {
    connection,
  });
  const result = describeOutcome(outcome);

  return (
    <section className="ui-panel ui-bar" aria-label="Break the connection">
      {title && <h2>{title}</h2>}
      <BarState {...{ status, retryAt, latency, open, reconnect }} />
      <div className="ui-bar-controls">
        <Button
          off={off}
          onClick={() => {
            start('Cut');
            damage?.silence();
            setEffect('cut');
            onCut?.();
          }}
        >
          Cut the cable
        </Button>
        <Button
          off={off}
          onClick={() => {
            start('Killed');
            command({ demo: 'drop' });
          }}
        >
          Kill the TCP connection
        </Button>
        <NumberButton
          name="Close"
          label="Close code"
          initial={1012}
          min={1000}
          max={4999}
          isValid={isCloseCode}
          error="The close code must be from 1000 to 4999, but not 1004, 1005, 1006 or 1015."
          off={off}
          onClick={(code) => {
            start('Closed');
            damage?.close(code);
          }}
        />
        <NumberButton
          name="Refuse for"
          label="Seconds to refuse connections"
          initial={5}
          min={1}
          max={MAX_REFUSAL_SECONDS}
          unit="s"
          isValid={isRefusable}
          error={`The seconds must be above 0 and at most ${MAX_REFUSAL_SECONDS}.`}
          off={off}
          onClick={(seconds) => {
            start(`Refused for ${seconds} s`, `Refusing for ${seconds} s`);
            command({ demo: 'refuse', seconds });
            command({ demo: 'drop' });
          }}
        />
        <Button
          off={!damage}
          pressed={isSlow}
          onClick={() => {
            damage?.slow(isSlow ? 0 : SLOW);
            setEffect(isSlow ? 'fast' : 'slow');
          }}
        >
          Slow network
        </Button>
        <Button
          off={off}
          pressed={isMuted}
          onClick={() => {
            command({ demo: 'mute', on: !isMuted });
            begin(isMuted ? null : 'No pongs');
            setEffect(isMuted ? 'unmute' : 'mute');
            setMuted(!isMuted);
          }}
        >
          Stop answering pings
        </Button>
      </div>
      {/* Without the countdown, which would be announced ten times a second. */}
      <output
        className="ui-note ui-bar-words"
        aria-live={isQuiet && status !== 'closed' ? 'off' : 'polite'}
      >
        {status === 'open' && effect ? effects[effect] : describeState(status, cause, isAttempt)}{' '}
        {result && <strong className="ui-bar-outcome">{result}</strong>}
      </output>
    </section>
  );
}

/** A button with a number; without a right number it does nothing, and says why. */
function NumberButton(props: {
  name: string;
  label: string;
  initial: number;
  isValid: (value: number) => boolean;
  error: string;
  off: boolean;
  onClick: (value: number) => void;
  min: number;
  max: number;
  unit?: string;
}) {
  const { name, label, initial, isValid, off, onClick, min, max, unit } = props;
  const [text, setText] = useState(`${initial}`);
  const error = isValid(Number(text)) ? null : props.error;
  return (
    <div className="ui-bar-number">
      <Joined {...(unit && { unit })}>
        <Button off={off || error !== null} onClick={() => onClick(Number(text))}>
          {name}
        </Button>
        <Input
          label={label}
          type="number"
          min={min}
          max={max}
          value={text}
          aria-invalid={error !== null}
          onChange={(event) => setText(event.target.value)}
        />
      </Joined>
      {error && (
        <p className="ui-note ui-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** Makes the control bar for the connection of the nearest provider, which this hook of it returns. */
export function createControlBar<In, Out>(
  useNearest: () => { readonly connection: Connection<In, Out> },
) {
  return function NearestControlBar(props: {
    title?: string;
    onCut?: () => void;
    isQuiet?: boolean;
  }) {
    const { connection } = useNearest();
    return <ControlBar connection={connection} {...props} />;
  };
}

/** That of a plain provider. */
export const ProviderControlBar = createControlBar<Frame, OutFrame>(useWebSocket);

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
