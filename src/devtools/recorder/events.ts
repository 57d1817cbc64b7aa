import type { Announced } from './announced.ts';
import { isSame } from '../../core/machine/snapshot.ts';
import { tryCall } from '../../core/platform/emitter.ts';
import type { CurrentRedaction, RecordedFrame } from './frame-entry.ts';
import { RecordedError } from './frame-entry.ts';
import type { Entry, StateEntry } from './types.ts';

/**
 * Records the states, errors and gaps of a connection, and the signals that reach it.
 *
 * @param failed - Called with the text of each error. Returns the frame that it belongs to, if any.
 */
export function recordEvents(
  { connection, shared }: Announced,
  push: (entry: Entry) => void,
  failed: (message: string) => RecordedFrame | undefined,
  redaction: CurrentRedaction,
): void {
  const { clock, incoming } = shared;
  let before: Pick<StateEntry, 'status' | 'cause' | 'attempt'> | undefined;
  let stopSignals: (() => void) | undefined;

  function recordState(): void {
    const { status, cause, attempt } = connection.getSnapshot();
    const now = { status, cause, attempt };
    if (before && isSame(before, now)) return;
    before = now;
    push({ type: 'state', at: clock.now(), ...now });
    // As the connection does: a listener would keep one that has ended for the life of the page.
    if (status !== 'idle' && status !== 'closed') stopSignals ??= listenToSignals();
    else {
      stopSignals?.();
      stopSignals = undefined;
    }
  }

  const listenToSignals = () =>
    tryCall(shared.settings().signals, (signal) =>
      push({ type: 'signal', at: clock.now(), signal }),
    );

  if (connection.getSnapshot().status !== 'idle') recordState();
  shared.on('change', recordState);
  shared.on('gap', (topics) => {
    for (const topic of topics) push({ type: 'gap', at: clock.now(), topic });
  });

  function record(error: Error): void {
    const message = messageOf(error);
    push(new RecordedError(clock.now(), message, failed(message), redaction));
  }
  let stop = shared.on('error', record);
  if (!incoming) return;
  const { threw } = incoming;
  incoming.threw = (error) => {
    // The connection reports an error that nobody listens to, and counts those who do.
    stop();
    record(error);
    threw(error);
    stop = shared.on('error', record);
  };
}

/** Returns the text of an error, and of what has caused it. That of a DecodeError says no more than its name. */
function messageOf({ name, message, cause }: Error): string {
  if (!(cause instanceof Error)) return message;
  return name === 'DecodeError' ? cause.message : `${message} ${cause.message}`;
}
