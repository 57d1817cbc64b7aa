import type { Announced } from './announced.ts';
import type { Frame, OutFrame } from '../../core/link/frame.ts';
import type { AttemptListener, WebSocketLike } from '../../core/link/link.ts';
import type { Damage, DamageEntry, DamageName } from './types.ts';

/** What passes between a socket and its connection, through the damages. */
export interface Line {
  readonly damage: Damage;
  /** Passes on what a socket tells, or does not. `isLost`: called with a frame that does not arrive. */
  readonly incoming: Pick<AttemptListener, 'opened' | 'lost'> & {
    received(frame: Frame, isLost: (frame: Frame) => void): void;
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

/** What goes on. */
interface Conditions {
  readonly active: ReturnType<typeof createActive>;
  /** The socket that is half-open. */
  silent: WebSocketLike | null;
  /** How much longer each frame takes, in milliseconds. */
  delay: number;
  /** How far the wall clock was set forward, in milliseconds. */
  slept: number;
}

type Arrived = Pick<AttemptListener, 'opened' | 'lost' | 'received'>;
type Tell = (what: DamageEntry['what'], value?: number) => void;

/**
 * Makes a {@link Line}.
 *
 * @param arrived - Tells the connection.
 * @param tell - Called when a damage begins or ends.
 */
export function createLine(
  { shared }: Pick<Announced, 'shared'>,
  arrived: Arrived,
  tell: Tell,
): Line {
  const { clock, socket: current } = shared;
  const now: Conditions = { active: createActive(), silent: null, delay: 0, slept: 0 };
  const { isDirect, later } = createDelay(shared, now);
  const isRefusing = () => now.active.has('refuse') || now.active.has('offline');
  const isSilent = () => now.silent !== null && current() === now.silent;

  const { wall } = clock;
  // The one object by which all parts of the connection tell the time.
  (clock as { wall(): number }).wall = () => wall() + now.slept;

  return {
    damage: createDamage(shared, now, arrived, tell),
    incoming: {
      opened() {
        if (isSilent()) return;
        now.active.set('silence', false);
        later('in', () => (isRefusing() ? arrived.lost(ABNORMAL) : arrived.opened()));
      },
      lost(...args) {
        if (isSilent()) return;
        if (current()) later('in', () => arrived.lost(...args));
        else arrived.lost(...args);
      },
      received(frame, isLost) {
        // The clock that was set forward goes back with the first sign of life.
        now.slept = 0;
        // Most frames, with as few steps as possible.
        if (now.silent === null && isDirect('in')) return arrived.received(frame);
        if (isSilent()) return isLost(frame);
        later('in', () => (isSilent() ? isLost(frame) : arrived.received(frame)));
      },
    },
    send(socket, frame, put, isLost) {
      if (now.silent === null && isDirect('out')) return put(frame);
      later('out', () => {
        if (isSilent()) isLost();
        else if (now.delay === 0 || socket.readyState === 1) put(frame);
      });
    },
  };
}

/** Makes the functions that run something after the delay, behind all that was delayed before. */
function createDelay(
  { clock, socket: current }: Pick<Announced['shared'], 'clock' | 'socket'>,
  conditions: Pick<Conditions, 'delay'>,
) {
  const waiting = { in: [] as (() => void)[], out: [] as (() => void)[] };
  /** When the last thing is due. */
  const due = { in: 0, out: 0 };
  const isDirect = (way: 'in' | 'out') => conditions.delay === 0 && waiting[way].length === 0;
  return {
    isDirect,
    later(way: 'in' | 'out', run: () => void): void {
      if (isDirect(way)) return run();
      const socket = current();
      waiting[way].push(() => current() === socket && run());
      const now = clock.now();
      due[way] = Math.max(now + conditions.delay, due[way]);
      // Whichever timer comes first runs what waits longest: timers of fractions of a millisecond come in any order.
      clock.setTimeout(() => waiting[way].shift()?.(), due[way] - now);
    },
  };
}

function createDamage(
  { socket, observeAndDispatch }: Pick<Announced['shared'], 'socket' | 'observeAndDispatch'>,
  now: Conditions,
  arrived: Arrived,
  tell: Tell,
): Damage {
  const { active } = now;

  /** Makes the function of a damage, which first tells of it. */
  const told =
    <Args extends [value?: number, ...unknown[]]>(
      what: DamageEntry['what'],
      run: (...args: Args) => void,
    ) =>
    (...args: Args): void => {
      tell(what, args[0]);
      run(...args);
    };

  function silence(): void {
    now.silent = socket();
    active.set('silence', now.silent !== null);
  }

  return {
    get active() {
      return active.list();
    },
    drop: told('drop', () => {
      if (socket()) arrived.lost(ABNORMAL);
    }),
    silence: told('silence', silence),
    slow: told('slow', (ms: number) => {
      now.delay = ms;
      active.set('slow', ms > 0);
    }),
    refuse: told('refuse', () => active.set('refuse', true)),
    accept: told('accept', () => active.set('refuse', false)),
    offline: told('offline', () => {
      active.set('offline', true);
      silence();
      observeAndDispatch({ type: 'offline' });
    }),
    online: told('online', () => {
      active.set('offline', false);
      observeAndDispatch({ type: 'online' });
    }),
    sleep: told('sleep', (ms: number) => {
      now.slept += ms;
      observeAndDispatch({ type: 'visible' });
    }),
    close: told('close', (code: number, reason: string = '') => {
      if (socket()) arrived.lost({ kind: 'close', code, reason, wasClean: true });
    }),
    restore: told('restore', () => {
      const wasOffline = active.has('offline');
      now.delay = 0;
      for (const name of ['slow', 'refuse', 'offline'] as const) active.set(name, false);
      if (wasOffline) observeAndDispatch({ type: 'online' });
    }),
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
