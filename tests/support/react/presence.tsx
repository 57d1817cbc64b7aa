import { Profiler } from 'react';
import type { ListenOptions } from '../../../src/index.ts';
import { usePresence } from '../../../src/presence.ts';

/** Shows everybody who is online, and calls back on each render. */
export function Everybody({ onRender, ...options }: ListenOptions & { onRender?: () => void }) {
  return (
    <Profiler id="everybody" onRender={() => onRender?.()}>
      <Names {...options} />
    </Profiler>
  );
}

function Names(options: ListenOptions) {
  return <output data-testid="everybody">{usePresence(options).join(', ') || 'nobody'}</output>;
}

/** Shows whether a person is online, and calls back on each render. */
export function OnlineMark({ id, onRender }: { id: string | null; onRender?: () => void }) {
  return (
    <Profiler id="online mark" onRender={() => onRender?.()}>
      <Mark id={id} />
    </Profiler>
  );
}

function Mark({ id }: { id: string | null }) {
  return <output data-testid={`mark of ${id}`}>{usePresence(id) ? 'on' : 'off'}</output>;
}
