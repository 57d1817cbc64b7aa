import { Profiler } from 'react';
import { type PresenceOptions, usePresence, usePresenceData } from '../../../src/presence.ts';

/** Shows everybody who is online, and calls back on each render. */
export function Everybody({ onRender, ...options }: PresenceOptions & { onRender?: () => void }) {
  return (
    <Profiler id="everybody" onRender={() => onRender?.()}>
      <Names {...options} />
    </Profiler>
  );
}

function Names(options: PresenceOptions) {
  const ids = usePresence(options);
  return <output data-testid="everybody">{ids ? ids.join(', ') || 'nobody' : 'unknown'}</output>;
}

/** Shows whether a person is online, and calls back on each render. */
export function OnlineMark({ onRender, ...mark }: MarkProps & { onRender?: () => void }) {
  return (
    <Profiler id="online mark" onRender={() => onRender?.()}>
      <Mark {...mark} />
    </Profiler>
  );
}

interface MarkProps extends PresenceOptions {
  readonly id: string | null;
}

function Mark({ id, ...options }: MarkProps) {
  const isOnline = usePresence(id, options);
  const text = isOnline ? 'on' : 'off';
  return <output data-testid={`mark of ${id}`}>{isOnline === null ? 'unknown' : text}</output>;
}

/** Shows the public data of a person, and calls back on each render. */
export function DataOf({ onRender, ...options }: MarkProps & { onRender?: () => void }) {
  return (
    <Profiler id="data" onRender={() => onRender?.()}>
      <Data {...options} />
    </Profiler>
  );
}

function Data({ id, ...options }: MarkProps) {
  const data = usePresenceData(id, options);
  return <output data-testid={`data of ${id}`}>{JSON.stringify(data)}</output>;
}
