import type { HostEvents } from './extensions/extension.ts';
import type { Snapshot } from './machine/snapshot.ts';
import { isSame, project } from './machine/snapshot.ts';
import type { Effect, Event, Policy, State } from './machine/state.ts';
import { isLive } from './machine/state.ts';
import { transition } from './machine/transition.ts';
import type { Clock } from './platform/clock.ts';
import type { Emitter } from './platform/emitter.ts';
import { guard } from './platform/emitter.ts';
import type { Signals } from './platform/signals.ts';
import type { Vitals } from './vitals.ts';

/** What a driver needs of the connection that it drives. */
interface DriverHost extends Pick<Emitter<Pick<HostEvents<never, never>, 'change'>>, 'emit'> {
  readonly clock: Clock;
  settings(): Policy & { readonly signals: Signals };
  /** Dispatches an event that comes from outside. */
  happen(event: Event): void;
}

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
export function createDriver(
  initial: State,
  { clock, settings, happen, emit }: DriverHost,
  vitals: Pick<Vitals, 'epoch' | 'heardAt'>,
  perform: (effect: Effect) => void,
): Driver {
  const effects: Effect[] = [];
  let state = initial;
  let snapshot = project(state, 0);
  let publishedScope = state.scope;
  let isBusy = false;
  let timer: unknown;
  let stopSignals: (() => void) | undefined;

  function dispatch(event: Event): void {
    const isNested = isBusy;
    isBusy = true;
    try {
      const [next, ...added] = transition(state, event, { now: clock.now(), policy: settings() });
      state = next;
      effects.push(...added);
      if (!isNested) performAll();
    } finally {
      // Also after a clock that throws: the connection goes on.
      if (!isNested) {
        isBusy = false;
        armTimer();
        listenWhileLive();
      }
    }
  }

  function performAll(): void {
    do {
      for (let effect; (effect = effects.shift());) guard(perform, effect);
      // Those who hear of a change may cause the next.
    } while (publish());
  }

  /** Publishes the state; false where there is nothing new to see. */
  function publish(): boolean {
    const next = project(state, vitals.epoch);
    const isOther = !isSame(snapshot, next);
    if (!isOther && publishedScope === state.scope) return false;
    if (isOther) snapshot = next;
    publishedScope = state.scope;
    emit('change');
    return true;
  }

  function armTimer(): void {
    clock.clearTimeout(timer);
    const { deadline } = state;
    if (deadline === Infinity) return;
    timer = clock.setTimeout(
      () => happen({ type: 'deadline', heardAt: vitals.heardAt }),
      Math.ceil(deadline - clock.now()),
    );
  }

  /** The network and the page are listened to only while they could make a difference. */
  function listenWhileLive(): void {
    if (isLive(state))
      stopSignals ??= guard(settings().signals, (type) => happen({ type })) ?? (() => {});
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
