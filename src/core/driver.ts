import type { Snapshot } from './machine/snapshot.ts';
import { isSame, project } from './machine/snapshot.ts';
import type { Effect, Event, Policy, State } from './machine/state.ts';
import { isLive } from './machine/state.ts';
import { transition } from './machine/transition.ts';
import type { Clock } from './platform/clock.ts';
import { guard } from './platform/emitter.ts';
import type { Signal, Signals } from './platform/signals.ts';

/** What a driver needs of the connection that it drives. */
export interface DriverHost {
  readonly clock: Clock;
  readonly signals: Signals;
  readonly initial: State;
  policy(): Policy;
  perform(effect: Effect): void;
  /** The deadline of the state has come. */
  deadlineCame(): void;
  /** The network or the page says something. */
  signalCame(signal: Signal): void;
  /** What the wall clock shows when the monotonic one shows 0. */
  epoch(): number;
  /** The snapshot or the scope has changed. */
  changed(): void;
}

export type Dispatch = (event: Event) => void;

/** Runs the machine: holds its state, performs its effects, keeps its one timer. */
export interface Driver {
  readonly state: State;
  readonly snapshot: Snapshot;
  /**
   * Changes the state at once. The effects follow in order: those of an event that an effect raises come behind those
   * in hand. When all are performed, the new state is published.
   */
  dispatch(event: Event): void;
}

/** Makes a {@link Driver}. */
export function createDriver(host: DriverHost): Driver {
  const { clock } = host;
  const effects: Effect[] = [];
  let state = host.initial;
  let snapshot = project(state, 0);
  let publishedScope = state.scope;
  let isBusy = false;
  let timer: unknown;
  let stopSignals: (() => void) | undefined;

  function dispatch(event: Event): void {
    const isNested = isBusy;
    isBusy = true;
    try {
      const [next, ...added] = transition(state, event, {
        now: clock.now(),
        policy: host.policy(),
      });
      state = next;
      effects.push(...added);
      if (!isNested) perform();
    } finally {
      // Also after a clock that throws: the connection goes on.
      if (!isNested) {
        isBusy = false;
        armTimer();
        listenWhileLive();
      }
    }
  }

  function perform(): void {
    do {
      for (let effect; (effect = effects.shift());) guard(host.perform, effect);
      // Who hears of a change may cause the next.
    } while (publish());
  }

  /** Publishes the state; false where there is nothing new to see. */
  function publish(): boolean {
    const next = project(state, host.epoch());
    const isOther = !isSame(snapshot, next);
    if (!isOther && publishedScope === state.scope) return false;
    if (isOther) snapshot = next;
    publishedScope = state.scope;
    host.changed();
    return true;
  }

  function armTimer(): void {
    const { deadline } = state;
    clock.clearTimeout(timer);
    if (deadline < Infinity)
      timer = clock.setTimeout(host.deadlineCame, Math.ceil(deadline - clock.now()));
  }

  /** The network and the page are listened to only while they could make a difference. */
  function listenWhileLive(): void {
    if (isLive(state)) stopSignals ??= guard(host.signals, host.signalCame) ?? (() => {});
    else {
      guard(stopSignals);
      stopSignals = undefined;
    }
  }

  return {
    get state() {
      return state;
    },
    get snapshot() {
      return snapshot;
    },
    dispatch,
  };
}
