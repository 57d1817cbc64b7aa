import type { Attempt, AttemptListener, WebSocketLike } from './link/link.ts';
import { startAttempt } from './link/websocket-link.ts';
import type { Receiver } from './messages/receiver.ts';
import type { Sender } from './messages/sender.ts';
import { report, tryCall } from './platform/emitter.ts';
import { FULL_TEXTS } from './platform/texts.ts';
import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** The current attempt, or the link that it became. There is at most one. */
export interface Attempts {
  /** The current attempt, or the link that it became; null if there is none. */
  readonly current: Attempt | null;
  /** Its socket; null if there is none. */
  readonly socket: WebSocketLike | null;
  /** Whether an attempt has ever been prepared. */
  readonly hasAttempted: boolean;
  /**
   * Prepares an attempt. Returns the function that starts it; it does nothing if another attempt was prepared in the
   * meantime.
   */
  prepare(): () => void;
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
  shared: Pick<
    Shared<In, Out>,
    | 'clock'
    | 'codecs'
    | 'settings'
    | 'state'
    | 'emit'
    | 'dispatch'
    | 'observeAndDispatch'
    | 'incoming'
  >,
  vitals: Vitals,
  sender: Sender<Out>,
  receiver: Receiver<In>,
): Attempts {
  const { clock, codecs, settings, state, emit, dispatch, observeAndDispatch } = shared;
  let attempt: Attempt | null = null;
  let prepared = 0;
  /** Whether an error that nobody listens to was reported since the last link. */
  let hasReported = false;

  const incoming: AttemptListener = {
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
      const { status } = state();
      if (status === 'open') vitals.markAlive();
      // After close() no message is delivered, as the WebSocket standard requires.
      else if (status !== 'handshaking') return;
      receiver.receive(frame);
    },
  };
  if (FULL_TEXTS) shared.incoming = incoming;

  function start(): void {
    attempt = startAttempt(settings(), state(), clock, incoming);
  }

  function discard(isDead?: boolean): void {
    // A throw out of the socket must not end what follows.
    tryCall(attempt?.discard, isDead);
    attempt = null;
    receiver.release();
    vitals.resetBuffer();
    sender.applyLimits();
  }

  return {
    get current() {
      return attempt;
    },
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
    linkOpened() {
      hasReported = false;
      receiver.release();
    },
    discard,
  };
}
