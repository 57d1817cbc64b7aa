'use client';

import type { JSX, ReactNode } from 'react';
import { useId, useState } from 'react';
import { isCloseCode } from '../recorder/close-code.ts';
import type { Damage, DamageName } from '../recorder/types.ts';

/** Buttons that break the connection as users suffer it. They need no help of the server. */
export function Faults({ damage }: { readonly damage: Damage }): JSX.Element {
  const isActive = (name: DamageName) => damage.active.includes(name);
  return (
    <ul className="faults">
      <Fault
        name="Drop"
        effect="The link is lost without a close frame, as when a proxy or a server dies."
        onBreak={() => damage.drop()}
      />
      <Fault
        name="Silence"
        effect="The link is half-open: no frame passes, in either direction, and nobody is told. Only a heartbeat notices it. A new link is whole."
        isActive={isActive('silence')}
        onBreak={() => damage.silence()}
      />
      <SlowFault isActive={isActive('slow')} onBreak={(ms) => damage.slow(ms)} />
      <Fault
        name="Refuse"
        effect="Every attempt fails, as with a server that is down. The present link stays."
        isActive={isActive('refuse')}
        onBreak={() => (isActive('refuse') ? damage.accept() : damage.refuse())}
      />
      <Fault
        name="Offline"
        effect="The network is gone, and the page is told. Pressed again: it is back."
        isActive={isActive('offline')}
        onBreak={() => (isActive('offline') ? damage.online() : damage.offline())}
      />
      <SleepFault onBreak={(ms) => damage.sleep(ms)} />
      <CloseFault onBreak={(code, reason) => damage.close(code, reason)} />
    </ul>
  );
}

function Fault(props: {
  readonly name: string;
  readonly effect: string;
  /** For a fault that lasts. */
  readonly isActive?: boolean;
  readonly isWrong?: boolean;
  readonly onBreak: () => void;
  readonly children?: ReactNode;
}): JSX.Element {
  const { name, effect, isActive, isWrong = false, onBreak, children } = props;
  const id = useId();
  return (
    <li>
      <span className="buttons">
        <button
          type="button"
          aria-pressed={isActive}
          aria-describedby={id}
          disabled={isWrong}
          onClick={onBreak}
        >
          {name}
        </button>
        {children}
      </span>
      <span id={id} className="note">
        {effect}
      </span>
    </li>
  );
}

function SlowFault(props: {
  readonly isActive: boolean;
  readonly onBreak: (ms: number) => void;
}): JSX.Element {
  const [ms, setMs] = useState('300');
  return (
    <Fault
      name="Slow"
      effect="Every frame takes so many milliseconds more, one way. Pressed again: no longer."
      isActive={props.isActive}
      isWrong={!(Number(ms) >= 0)}
      onBreak={() => props.onBreak(props.isActive ? 0 : Number(ms))}
    >
      <Field label="Milliseconds" value={ms} onChange={setMs} />
    </Fault>
  );
}

function SleepFault({ onBreak }: { readonly onBreak: (ms: number) => void }): JSX.Element {
  const [seconds, setSeconds] = useState('60');
  return (
    <Fault
      name="Sleep"
      effect="The computer sleeps for so many seconds, and wakes up at once."
      isWrong={!(Number(seconds) > 0)}
      onBreak={() => onBreak(1_000 * Number(seconds))}
    >
      <Field label="Seconds" value={seconds} onChange={setSeconds} />
    </Fault>
  );
}

function CloseFault({
  onBreak,
}: {
  readonly onBreak: (code: number, reason?: string) => void;
}): JSX.Element {
  const [code, setCode] = useState('1012');
  return (
    <Fault
      name="Close"
      effect="The server closes the link with this code, from 1000 to 4999, but not 1004, 1005, 1006 or 1015."
      isWrong={!isCloseCode(Number(code))}
      onBreak={() => onBreak(Number(code))}
    >
      <Field label="Close code" value={code} onChange={setCode} />
    </Fault>
  );
}

function Field(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): JSX.Element {
  return (
    <input
      type="number"
      aria-label={props.label}
      title={props.label}
      value={props.value}
      onChange={({ target }) => props.onChange(target.value)}
    />
  );
}
