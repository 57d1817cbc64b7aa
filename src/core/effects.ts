import type { OutFrame } from './link/frame.ts';
import type { Attempt, WebSocketLike } from './link/link.ts';
import { startAttempt } from './link/websocket-link.ts';
import type { Cause } from './machine/cause.ts';
import type { Effect } from './machine/state.ts';
import type { Receiver } from './messages/receiver.ts';
import type { Sender } from './messages/sender.ts';
import { guard } from './platform/emitter.ts';
import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** Performs what the machine asks for, and holds the one attempt or link there is. */
export interface Effects {
  /** The socket of the present attempt or link. */
  readonly socket: WebSocketLike | null;
  /** Whether there ever was an attempt. */
  readonly hasDialled: boolean;
  /** Changes at once what we hold, and returns what is to be done in its turn. */
  prepare(effect: Effect): () => void;
}

/** Makes {@link Effects}. */
export function createEffects<In, Out>(
  {
    settings,
    state,
    dispatch,
    raise,
    emit,
  }: Pick<Shared<In, Out>, 'settings' | 'state' | 'dispatch' | 'raise' | 'emit'>,
  vitals: Vitals,
  sender: Sender<Out>,
  receiver: Receiver<In>,
): Effects {
  let attempt: Attempt | null = null;
  let dials = 0;

  function letGo(): void {
    attempt?.letGo();
    attempt = null;
    vitals.forgetBuffer();
    sender.linkEnded();
  }

  function dial(): void {
    letGo();
    attempt = startAttempt(settings(), state(), {
      resolved: (publicUrl) =>
        dispatch({ type: 'resolved', scope: publicUrl && (settings().scope ?? publicUrl) }),
      opened: () => raise({ type: 'opened' }),
      lost: (cause, isFinal) => raise({ type: 'lost', cause, isFinal }),
      received(frame) {
        // As the standard says, nothing is delivered once the application has closed.
        if (state().status !== 'open') return;
        vitals.noteLife();
        receiver.receive(frame);
      },
    });
  }

  function sendPing(): void {
    const { ping } = settings().heartbeat;
    const wasMade = guard(() => {
      sender.sendFrame((typeof ping === 'function' ? ping() : ping) as OutFrame);
      return true;
    });
    if (!wasMade) dispatch({ type: 'pingFailed' });
  }

  function announceOpen(): void {
    const downtime = vitals.silence();
    vitals.noteLife();
    sender.sendAhead(() => {
      emit('open', { reconnected: downtime >= 0, downtime: downtime || 0 });
      emit('link');
    });
  }

  function endLink(cause: Cause, isFinal: boolean): void {
    letGo();
    emit('close', cause, isFinal);
  }

  return {
    get socket() {
      return attempt?.socket ?? null;
    },
    get hasDialled() {
      return dials > 0;
    },
    prepare(effect) {
      switch (effect[0]) {
        case 'dial': {
          const number = ++dials;
          return () => {
            // An event that came since may want another attempt, or none.
            if (number === dials && state().status === 'connecting') dial();
            else letGo();
          };
        }
        case 'hangUp':
          return () => attempt?.socket?.close(effect[1], effect[2]);
        case 'ping':
          return sendPing;
        case 'announceOpen':
          return announceOpen;
        case 'ended':
          return () => endLink(effect[1], effect[2]);
        case 'enterScope': {
          // What a handler queues from now on belongs to the new scope.
          vitals.forget();
          receiver.forget();
          const tellDropped = effect[1] ? sender.empty('scope') : () => {};
          return () => {
            emit('scope');
            tellDropped();
          };
        }
        case 'dropOutbox':
          return sender.empty('closed');
      }
    },
  };
}
