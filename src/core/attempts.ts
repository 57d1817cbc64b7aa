import { createHandshakes } from './handshakes.ts';
import type { Attempt, WebSocketLike } from './link/link.ts';
import { startAttempt } from './link/websocket-link.ts';
import type { Receiver } from './messages/receiver.ts';
import type { Sender } from './messages/sender.ts';
import { report, tryCall } from './platform/emitter.ts';
import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** The current attempt, or the link that it became. There is at most one. */
export interface Attempts {
  /** The socket of the current attempt or link; null if there is none. */
  readonly socket: WebSocketLike | null;
  /** Whether an attempt has ever been prepared. */
  readonly hasAttempted: boolean;
  /**
   * Prepares an attempt. Returns the function that starts it; it does nothing if another attempt was prepared in the
   * meantime.
   */
  prepare(): () => void;
  /** From now on, messages wait until the link is open. Returns the function that calls the `handshake` function. */
  prepareHandshake(): () => void;
  /** The link is open, and its handlers have been called: delivers the messages that the handshake has not received. */
  linkOpened(): void;
  /**
   * Discards the current attempt or link, without waiting for a `close` event.
   *
   * @param isDead - Whether the peer has not answered in time.
   */
  discard(isDead?: boolean): void;
}

/** Makes {@link Attempts}. */
export function createAttempts<In, Out>(
  {
    clock,
    codecs,
    settings,
    state,
    emit,
    dispatch,
    observeAndDispatch,
  }: Pick<
    Shared<In, Out>,
    'clock' | 'codecs' | 'settings' | 'state' | 'emit' | 'dispatch' | 'observeAndDispatch'
  >,
  vitals: Vitals,
  sender: Sender<Out>,
  receiver: Receiver<In>,
): Attempts {
  let attempt: Attempt | null = null;
  let prepared = 0;
  /** Whether an error that nobody listens to was reported since the last link. */
  let hasReported = false;
  const handshakes = createHandshakes({ settings, state, observeAndDispatch }, sender, receiver);

  function start(): void {
    attempt = startAttempt(settings(), state(), clock, {
      // A step within the attempt: the event that started it has observed the vitals.
      resolved: (publicUrl) =>
        dispatch({ type: 'resolved', scope: publicUrl && (settings().scope ?? publicUrl) }),
      threw(error) {
        // The first listener calls the onError option.
        if (emit('error', error) > 1 || settings().onError || hasReported) return;
        hasReported = true;
        report(error);
      },
      opened() {
        try {
          codecs.renew();
        } catch (error) {
          return attempt?.fail('codec', error);
        }
        observeAndDispatch({ type: 'opened' });
      },
      lost: (cause, isFinal) => observeAndDispatch({ type: 'lost', cause, isFinal }),
      received(frame) {
        // After close() no message is delivered, as the WebSocket standard requires.
        if (handshakes.take(frame) || state().status !== 'open') return;
        vitals.markAlive();
        receiver.receive(frame);
      },
    });
  }

  function discard(isDead?: boolean): void {
    // A throw out of the socket must not end what follows.
    tryCall(attempt?.discard, isDead);
    attempt = null;
    handshakes.discard();
    vitals.resetBuffer();
    sender.applyLimits();
  }

  return {
    get socket() {
      return attempt?.socket ?? null;
    },
    get hasAttempted() {
      return prepared > 0;
    },
    prepare() {
      const number = ++prepared;
      return () => {
        discard();
        // An event in between may have prepared another attempt, or ended the need for one.
        if (number === prepared && state().status === 'connecting') start();
      };
    },
    prepareHandshake: () => handshakes.prepare(attempt),
    linkOpened() {
      hasReported = false;
      handshakes.deliverWaiting();
    },
    discard,
  };
}
