import type { HostEvents } from './extensions/extension.ts';
import type { OutFrame } from './link/frame.ts';
import type { Attempt, WebSocketLike } from './link/link.ts';
import { startAttempt } from './link/websocket-link.ts';
import type { Cause } from './machine/cause.ts';
import type { Effect, Event, State } from './machine/state.ts';
import type { Receiver } from './messages/receiver.ts';
import type { Sender } from './messages/sender.ts';
import type { Settings } from './options/settings.ts';
import type { Emitter } from './platform/emitter.ts';
import { guard } from './platform/emitter.ts';
import type { Vitals } from './vitals.ts';

/** What the effects need of the connection that they act upon. */
interface EffectsHost<In, Out> extends Pick<Emitter<HostEvents<In, Out>>, 'emit'> {
  settings(): Settings<In, Out>;
  state(): State;
  /** Dispatches an event. */
  dispatch(event: Event): void;
  /** Dispatches an event that comes from outside. */
  happen(event: Event): void;
}

/** Performs what the machine asks for, and holds the one attempt or link there is. */
export interface Effects {
  /** The socket of the present attempt or link. */
  readonly socket: WebSocketLike | null;
  perform(effect: Effect): void;
}

/** Makes {@link Effects}. */
export function createEffects<In, Out>(
  { settings, state, dispatch, happen, emit }: EffectsHost<In, Out>,
  vitals: Vitals,
  sender: Sender<Out>,
  receiver: Receiver<In>,
): Effects {
  let attempt: Attempt | null = null;

  function letGo(): void {
    attempt?.letGo();
    attempt = null;
    vitals.forgetBuffer();
    sender.linkEnded();
  }

  const performers = {
    dial(): void {
      letGo();
      // What an earlier effect has led to may want no attempt any more.
      if (state().status !== 'connecting') return;
      attempt = startAttempt(settings(), state(), {
        resolved: (place) =>
          dispatch({ type: 'resolved', scope: place && (settings().scope ?? place) }),
        opened: () => happen({ type: 'opened' }),
        lost: (cause, isFinal) => happen({ type: 'lost', cause, isFinal }),
        received(frame) {
          // As the standard says, nothing is delivered once the application has closed.
          if (state().status !== 'open') return;
          vitals.noteLife();
          receiver.receive(frame);
        },
      });
    },

    hangUp: (code: number, reason: string) => attempt?.socket?.close(code, reason),

    ping(): void {
      const { ping } = settings().heartbeat;
      const isTried = guard(() =>
        sender.sendFrame((typeof ping === 'function' ? ping() : ping) as OutFrame),
      );
      if (isTried === undefined) dispatch({ type: 'pingFailed' });
    },

    announceOpen(): void {
      const downtime = vitals.silence();
      vitals.noteLife();
      sender.openWith(() => {
        emit('open', { reconnected: downtime >= 0, downtime: downtime || 0 });
        emit('link');
      });
    },

    ended(cause: Cause, isFinal: boolean): void {
      letGo();
      emit('close', cause, isFinal);
    },

    enterScope(dropsOutbox: boolean): void {
      vitals.forget();
      receiver.enterScope();
      if (dropsOutbox) sender.dropAll('scope');
    },

    dropOutbox: () => sender.dropAll('closed'),
  };

  return {
    get socket() {
      return attempt?.socket ?? null;
    },
    perform([name, ...args]) {
      (performers[name] as (...values: unknown[]) => void)(...args);
    },
  };
}
