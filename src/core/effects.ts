import type { Attempts } from './attempts.ts';
import type { OutFrame } from './link/frame.ts';
import type { Cause } from './machine/cause.ts';
import type { Effect } from './machine/state.ts';
import type { Receiver } from './messages/receiver.ts';
import type { Sender } from './messages/sender.ts';
import { tryCall } from './platform/emitter.ts';
import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/**
 * Makes the function that does what the machine asks for. It changes at once what we hold, and returns what is to be done
 * in its turn.
 */
export function createEffects<In, Out>(
  { settings, dispatch, emit }: Pick<Shared<In, Out>, 'settings' | 'dispatch' | 'emit'>,
  vitals: Vitals,
  sender: Sender<Out>,
  receiver: Receiver<In>,
  attempts: Attempts,
): (effect: Effect) => () => void {
  function sendPing(): void {
    const { ping } = settings().heartbeat;
    const wasMade = tryCall(() => {
      sender.sendFrame((typeof ping === 'function' ? ping() : ping) as OutFrame);
      return true;
    });
    if (!wasMade) dispatch({ type: 'pingFailed' });
  }

  function announceOpen(): void {
    const downtime = vitals.silence();
    vitals.noteSignOfLife();
    sender.linkOpened(() => {
      emit('open', { reconnected: downtime >= 0, downtime: downtime || 0 });
      emit('link');
    });
  }

  function endLink(cause: Cause, isFinal: boolean): void {
    attempts.discard();
    emit('close', cause, isFinal);
  }

  /** What a handler queues from now on belongs to the new scope. */
  function enterScope(dropsOutbox: boolean): () => void {
    vitals.forget();
    receiver.forget();
    const emitDrop = dropsOutbox ? sender.empty('scope') : () => {};
    return () => {
      emit('scope');
      emitDrop();
    };
  }

  return (effect) => {
    switch (effect[0]) {
      case 'connect':
        return attempts.announce();
      case 'close':
        return () => attempts.socket?.close(effect[1], effect[2]);
      case 'ping':
        return sendPing;
      case 'announceOpen':
        return announceOpen;
      case 'end':
        return () => endLink(effect[1], effect[2]);
      case 'enterScope':
        return enterScope(effect[1]);
      case 'dropOutbox':
        return sender.empty('closed');
    }
  };
}
