import type { Attempt, WebSocketLike } from './link/link.ts';
import { startAttempt } from './link/websocket-link.ts';
import type { Receiver } from './messages/receiver.ts';
import type { Sender } from './messages/sender.ts';
import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** The one attempt or link that there is. */
export interface Attempts {
  /** The socket of the present attempt or link. */
  readonly socket: WebSocketLike | null;
  /** Whether there ever was an attempt. */
  readonly hasStarted: boolean;
  /** Announces an attempt, and returns the function that starts it, unless another was announced since. */
  announce(): () => void;
  /** Ends the present attempt or link without waiting. */
  discard(): void;
}

/** Makes {@link Attempts}. */
export function createAttempts<In, Out>(
  {
    settings,
    state,
    dispatch,
    observeAndDispatch,
  }: Pick<Shared<In, Out>, 'settings' | 'state' | 'dispatch' | 'observeAndDispatch'>,
  vitals: Vitals,
  sender: Sender<Out>,
  receiver: Receiver<In>,
): Attempts {
  let attempt: Attempt | null = null;
  let announced = 0;

  function start(): void {
    attempt = startAttempt(settings(), state(), {
      resolved: (publicUrl) =>
        dispatch({ type: 'resolved', scope: publicUrl && (settings().scope ?? publicUrl) }),
      opened: () => observeAndDispatch({ type: 'opened' }),
      lost: (cause, isFinal) => observeAndDispatch({ type: 'lost', cause, isFinal }),
      received(frame) {
        // As the standard says, nothing is delivered once the application has closed.
        if (state().status !== 'open') return;
        vitals.noteSignOfLife();
        receiver.receive(frame);
      },
    });
  }

  function discard(): void {
    attempt?.discard();
    attempt = null;
    vitals.forgetBuffer();
    sender.linkEnded();
  }

  return {
    get socket() {
      return attempt?.socket ?? null;
    },
    get hasStarted() {
      return announced > 0;
    },
    announce() {
      const number = ++announced;
      return () => {
        discard();
        // An event that came since may want another attempt, or none.
        if (number === announced && state().status === 'connecting') start();
      };
    },
    discard,
  };
}
