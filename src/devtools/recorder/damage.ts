import type { Announced } from '../../core/announce.ts';
import type { Frame, OutFrame } from '../../core/link/frame.ts';
import type { AttemptListener, WebSocketLike } from '../../core/link/link.ts';
import type { Damage, DamageEntry, DamageName } from './types.ts';

/** What passes between a socket and its connection, through the damages. */
export interface Line {
  readonly damage: Damage;
  /** Passes on what a socket tells, or does not. `isLost`: called for a frame that does not arrive. */
  readonly incoming: Pick<AttemptListener, 'opened' | 'lost'> & {
    received(frame: Frame, isLost: () => void): void;
  };
  /** Passes on a frame to a socket, or does not. */
  send(
    socket: WebSocketLike,
    frame: OutFrame,
    put: (frame: OutFrame) => void,
    isLost: () => void,
  ): void;
}

const ABNORMAL = { kind: 'close', code: 1006, reason: '', wasClean: false } as const;

/**
 * Makes a {@link Line}. @param arrived - Tells the connection. @param tell - Called when a damage begins or ends.
 */
export function createLine(
  { shared }: Pick<Announced, 'shared'>,
  arrived: Pick<AttemptListener, 'opened' | 'lost' | 'received'>,
  tell: (what: DamageEntry['what'], value?: number) => void,
): Line {
  const { clock, socket: current } = shared;
  const active = createActive();
  /** The socket that is half-open. */
  let silent: WebSocketLike | null = null;
  let delay = 0;
  let slept = 0;
  const due = { in: 0, out: 0 };

  const { wall } = clock;
  // The one object by which all parts of the connection tell the time.
  (clock as { wall(): number }).wall = () => wall() + slept;

  /** Runs something after the delay, behind all that was delayed before. */
  function later(way: 'in' | 'out', run: () => void): void {
    // Most frames: without a look at the clock.
    if (delay === 0 && due[way] === 0) return run();
    const now = clock.now();
    const at = Math.max(now + delay, due[way]);
    due[way] = at > now ? at : 0;
    if (at <= now) return run();
    const socket = current();
    clock.setTimeout(() => current() === socket && run(), at - now);
  }

  function silence(): void {
    silent = current();
    active.set('silence', !!silent);
  }

  const isRefusing = () => active.has('refuse') || active.has('offline');
  const isSilent = () => !!silent && current() === silent;

  const damage: Damage = {
    get active() {
      return active.list();
    },
    drop() {
      tell('drop');
      if (current()) arrived.lost(ABNORMAL);
    },
    silence() {
      tell('silence');
      silence();
    },
    slow(ms) {
      tell('slow', ms);
      delay = ms;
      active.set('slow', ms > 0);
    },
    refuse() {
      tell('refuse');
      active.set('refuse', true);
    },
    accept() {
      tell('accept');
      active.set('refuse', false);
    },
    offline() {
      tell('offline');
      active.set('offline', true);
      silence();
      shared.observeAndDispatch({ type: 'offline' });
    },
    online() {
      tell('online');
      active.set('offline', false);
      shared.observeAndDispatch({ type: 'online' });
    },
    sleep(ms) {
      tell('sleep', ms);
      slept += ms;
      shared.observeAndDispatch({ type: 'visible' });
    },
    close(code, reason = '') {
      tell('close', code);
      if (current()) arrived.lost({ kind: 'close', code, reason, wasClean: true });
    },
    restore() {
      tell('restore');
      const wasOffline = active.has('offline');
      delay = 0;
      for (const name of ['slow', 'refuse', 'offline'] as const) active.set(name, false);
      if (wasOffline) shared.observeAndDispatch({ type: 'online' });
    },
  };

  return {
    damage,
    incoming: {
      opened() {
        if (isSilent()) return;
        active.set('silence', false);
        later('in', () => (isRefusing() ? arrived.lost(ABNORMAL) : arrived.opened()));
      },
      lost(...args) {
        if (isSilent()) return;
        if (current()) later('in', () => arrived.lost(...args));
        else arrived.lost(...args);
      },
      received(frame, isLost) {
        if (isSilent()) return isLost();
        // The clock that was set forward goes back with the first sign of life.
        slept = 0;
        later('in', () => (isSilent() ? isLost() : arrived.received(frame)));
      },
    },
    send(socket, frame, put, isLost) {
      if (isSilent()) return isLost();
      later('out', () => {
        if (isSilent()) isLost();
        else if (socket.readyState === 1) put(frame);
      });
    },
  };
}

/** Makes the list of the damages that go on. */
function createActive() {
  let names: readonly DamageName[] = [];
  const has = (name: DamageName) => names.includes(name);
  return {
    has,
    list: () => names,
    set(name: DamageName, isActive: boolean): void {
      if (has(name) === isActive) return;
      names = isActive ? [...names, name] : names.filter((other) => other !== name);
    },
  };
}
