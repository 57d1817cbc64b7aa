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
 * Makes the function that performs effects, in two steps: it changes internal data at once, and returns a function that
 * calls the application's code. The driver calls that function in order with the other effects.
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
    const isMade = tryCall(() => {
      sender.sendFrame((typeof ping === 'function' ? ping() : ping) as OutFrame);
      return true;
    });
    if (!isMade) dispatch({ type: 'pingFailed' });
  }

  function closeLink(code: number, reason: string): void {
    const { socket } = attempts;
    const { leave } = settings().heartbeat;
    if (leave && socket?.readyState === 1) tryCall(() => socket.send(leave));
    socket?.close(code, reason);
  }

  function announceOpen(): void {
    const downtime = vitals.silence();
    vitals.markAlive();
    sender.linkOpened(() => {
      emit('open', { reconnected: downtime >= 0, downtime: downtime || 0 });
      emit('link');
    });
  }

  function endLink(cause: Cause, isFinal: boolean): void {
    attempts.discard(cause.kind === 'timeout');
    emit('close', cause, isFinal);
  }

  /** Clears the data of the old scope before any handler runs, so that messages that a handler sends are not cleared with it. */
  function enterScope(dropsOutbox: boolean): () => void {
    vitals.reset();
    receiver.reset();
    const emitDrop = dropsOutbox ? sender.clear('scope') : () => {};
    return () => {
      emit('scope');
      emitDrop();
    };
  }

  return (effect) => {
    switch (effect[0]) {
      case 'connect':
        return attempts.prepare();
      case 'close':
        return () => closeLink(effect[1], effect[2]);
      case 'ping':
        return sendPing;
      case 'announceOpen':
        return announceOpen;
      case 'end':
        return () => endLink(effect[1], effect[2]);
      case 'enterScope':
        return enterScope(effect[1]);
      case 'dropOutbox':
        return sender.clear('closed');
    }
  };
}
