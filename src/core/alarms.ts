import type { State } from './machine/state.ts';
import { isLive } from './machine/state.ts';
import { tryCall } from './platform/emitter.ts';
import type { Shared } from './shared.ts';

/**
 * Makes the timer for the deadline of the machine, and listens to the signals of the network and the page. Returns the
 * function that adapts both to the current state.
 */
export function createAlarms<In, Out>({
  clock,
  settings,
  state,
  observeAndDispatch,
}: Pick<Shared<In, Out>, 'clock' | 'settings' | 'state' | 'observeAndDispatch'>): () => void {
  const { signals } = settings();
  let timer: unknown;
  let isListening = false;
  let stopSignals: (() => void) | undefined;

  function armTimer({ deadline }: State): void {
    clock.clearTimeout(timer);
    if (deadline === Infinity) return;
    timer = clock.setTimeout(
      () => observeAndDispatch({ type: 'deadline' }),
      // Node warns of a negative time.
      Math.max(0, Math.ceil(deadline - clock.now())),
    );
  }

  /** Listens to signals only while the connection is live: in other states they change nothing. */
  function listenWhileLive(): void {
    if (isLive(state()) === isListening) return;
    isListening = !isListening;
    if (!isListening) return tryCall(stopSignals);
    stopSignals = tryCall(signals, (type) => observeAndDispatch({ type }));
    // A signal may arrive during the call above and change the state.
    listenWhileLive();
  }

  return () => {
    armTimer(state());
    listenWhileLive();
  };
}
