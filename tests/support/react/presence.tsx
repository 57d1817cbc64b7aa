import { Profiler } from 'react';
import type { ListenOptions } from '../../../src/index.ts';
import { usePresence } from '../../../src/presence.ts';

/** Shows everybody who is online, and tells of each of its renders. */
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

/** Shows whether somebody is online, and tells of each of its renders. */
export function Lamp({ id, onRender }: { id: string | null; onRender?: () => void }) {
  return (
    <Profiler id="lamp" onRender={() => onRender?.()}>
      <Light id={id} />
    </Profiler>
  );
}

function Light({ id }: { id: string | null }) {
  return <output data-testid={`lamp of ${id}`}>{usePresence(id) ? 'on' : 'off'}</output>;
}
