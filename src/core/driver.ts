import { createAlarms } from './alarms.ts';
import type { Snapshot } from './machine/snapshot.ts';
import { isSame, snapshotOf } from './machine/snapshot.ts';
import type { Effect, Event, State } from './machine/state.ts';
import { transition } from './machine/transition.ts';
import { tryCall } from './platform/emitter.ts';
import type { Signals } from './platform/signals.ts';
import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** Runs the machine: holds its state, has its effects performed, publishes what is seen of it. */
export interface Driver {
  readonly state: State;
  readonly snapshot: Snapshot;
  /**
   * Changes the state at once. The effects follow in order: those of an event that an effect raises come behind those
   * in hand. When all are performed, the new state is published.
   */
  dispatch(event: Event): void;
}

/**
 * Makes a {@link Driver}.
 *
 * @param prepare - Changes at once what we hold, and returns what is to be done in its turn.
 */
export function createDriver<In, Out>(
  initial: State,
  signals: Signals,
  { clock, settings, observeAndDispatch, emit }: Pick<Shared<In, Out>, 'clock' | 'settings' | 'observeAndDispatch' | 'emit'>,
  vitals: Pick<Vitals, 'timeOrigin' | 'lastHeardAt'>,
  prepare: (effect: Effect) => () => void,
): Driver {
  let state = initial;
  let published = initial;
  let snapshot = snapshotOf(state, 0);
  /** Whether what was received has been forgotten: that is news even where the snapshot stays the same. */
  let hasForgotten = false;

  const tasks: (() => void)[] = [];
  /** What the policy has raised while it was asked. */
  const raised: Event[] = [];
  let isDeciding = false;
  let isPerforming = false;

  const setAlarms = createAlarms(signals, { clock, state: () => state, observeAndDispatch });

  function dispatch(event: Event): void {
    if (isDeciding) return void raised.push(event);
    const isNested = isPerforming;
    isPerforming = true;
    try {
      decide(event);
      if (!isNested) performAll();
    } finally {
      // Also after a clock that throws: the connection goes on.
      if (!isNested) {
        isPerforming = false;
        setAlarms();
      }
    }
  }

  function decide(event: Event): void {
    isDeciding = true;
    try {
      const { lastHeardAt } = vitals;
      const context = { now: clock.now(), lastHeardAt, policy: settings() };
      const [next, ...effects] = transition(state, event, context);
      state = next;
      for (const effect of effects) {
        if (effect[0] === 'enterScope') hasForgotten = true;
        tasks.push(prepare(effect));
      }
    } finally {
      isDeciding = false;
    }
    for (let next; (next = raised.shift());) decide(next);
  }

  function performAll(): void {
    do {
      for (let task; (task = tasks.shift());) tryCall(task);
      // Those who hear of a change may cause the next.
    } while (publish());
  }

  /** Publishes the state; false where there is nothing new to see. */
  function publish(): boolean {
    if (state === published) return false;
    published = state;
    const next = snapshotOf(state, vitals.timeOrigin);
    const isNews = !isSame(snapshot, next);
    if (!isNews && !hasForgotten) return false;
    if (isNews) snapshot = next;
    hasForgotten = false;
    emit('change');
    return true;
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
