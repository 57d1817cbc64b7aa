import { createAlarms } from './alarms.ts';
import type { Snapshot } from './machine/snapshot.ts';
import { isSame, snapshotOf } from './machine/snapshot.ts';
import type { Effect, Event, State } from './machine/state.ts';
import { INITIAL } from './machine/initial.ts';
import { transition } from './machine/transition.ts';
import { tryCall } from './platform/emitter.ts';
import { isPrerendering } from './platform/environment.ts';
import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** Runs the machine: keeps its state, performs its effects and publishes its snapshot. */
export interface Driver {
  /** The current state of the machine. */
  readonly state: State;
  /** The public view of the last published state. */
  readonly snapshot: Snapshot;
  /**
   * Gives the machine an event. The state changes at once. The effects are performed in order: the effects of a nested
   * event come after those that already wait. After all effects, the new state is published.
   */
  dispatch(event: Event): void;
}

type ObservedVitals = Pick<Vitals, 'timeOrigin' | 'lastHeardAt' | 'buffered'>;

/**
 * Makes a {@link Driver}.
 *
 * @param prepare - Changes internal data for an effect at once. Returns the function that calls the application's code,
 * which runs in order with the other effects.
 */
export function createDriver<In, Out>(
  shared: Pick<Shared<In, Out>, 'clock' | 'settings' | 'state' | 'observeAndDispatch' | 'emit'>,
  vitals: ObservedVitals,
  prepare: (effect: Effect) => () => void,
): Driver {
  let state: State = { ...INITIAL, scope: shared.settings().scope };
  let published = state;
  let snapshot = snapshotOf(state, 0);
  /** Whether a new scope was entered: readers must be notified even if the snapshot stays the same. */
  let hasNewScope = false;

  const tasks: (() => void)[] = [];
  /** Events that the application's reconnect policy dispatched during a transition. */
  const deferredEvents: Event[] = [];
  let isDeciding = false;
  let isPerforming = false;

  const setAlarms = createAlarms(shared);

  function dispatch(event: Event): void {
    if (isDeciding) return void deferredEvents.push(event);
    const isNested = isPerforming;
    isPerforming = true;
    try {
      decide(event);
      if (!isNested) performAll();
    } finally {
      // If the application's clock throws, the next event must still work.
      if (!isNested) {
        isPerforming = false;
        setAlarms();
      }
    }
  }

  function decide(event: Event): void {
    isDeciding = true;
    try {
      const [next, ...effects] = transition(state, event, {
        now: shared.clock.now(),
        lastHeardAt: vitals.lastHeardAt,
        buffered: vitals.buffered,
        isPrerendering: isPrerendering(),
        policy: shared.settings(),
      });
      state = next;
      for (const effect of effects) {
        if (effect[0] === 'enterScope') hasNewScope = true;
        tasks.push(prepare(effect));
      }
    } finally {
      isDeciding = false;
    }
    for (let next; (next = deferredEvents.shift());) decide(next);
  }

  function performAll(): void {
    do {
      for (let task; (task = tasks.shift());) tryCall(task);
      // A listener may dispatch an event and so change the state again.
    } while (publish());
  }

  /** Publishes the state. Returns false if no listener had to be notified. */
  function publish(): boolean {
    if (state === published) return false;
    published = state;
    const next = snapshotOf(state, vitals.timeOrigin);
    const isChanged = !isSame(snapshot, next);
    if (!isChanged && !hasNewScope) return false;
    if (isChanged) snapshot = next;
    hasNewScope = false;
    shared.emit('change');
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
