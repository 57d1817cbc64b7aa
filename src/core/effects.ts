import type { Attempts } from './attempts.ts';
import type { OutFrame } from './link/frame.ts';
import type { Attempt, WebSocketLike } from './link/link.ts';
import type { Effect } from './machine/state.ts';
import type { Receiver } from './messages/receiver.ts';
import type { Sender } from './messages/sender.ts';
import { tryCall } from './platform/emitter.ts';
import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** For each effect, the function that does its first step and returns the second one. */
type Effects = {
  readonly [Name in Effect[0]]: Extract<Effect, readonly [Name, ...unknown[]]> extends readonly [
    Name,
    ...infer Args,
  ]
    ? (...args: Args) => () => void
    : never;
};

/**
 * Makes the function that performs effects, in two steps: it changes internal data at once, and returns a function that
 * calls the application's code. The driver calls that function in order with the other effects.
 */
export function createEffects<In, Out>(
  shared: Pick<
    Shared<In, Out>,
    'settings' | 'state' | 'dispatch' | 'observeAndDispatch' | 'emit' | 'delivery'
  >,
  vitals: Vitals,
  sender: Sender<Out>,
  receiver: Receiver<In>,
  attempts: Attempts,
): (effect: Effect) => () => void {
  const { settings, dispatch, observeAndDispatch, emit } = shared;
  const effects: Effects = {
    connect: attempts.prepare,
    close: (code, reason) => () => {
      const { socket } = attempts;
      const { leave } = settings().heartbeat;
      if (leave) tryCall(sender.sendFrame, leave, socket);
      socket?.close(code, reason);
    },
    ping: () => () => {
      const { ping } = settings().heartbeat;
      const isMade = tryCall(() => {
        sender.sendFrame((typeof ping === 'function' ? ping() : ping) as OutFrame);
        return true;
      });
      if (!isMade) dispatch({ type: 'pingFailed' });
    },
    handshake() {
      const { context, socket, fail } = attempts.current as Attempt;
      const { receive, end } = receiver.hold(context.signal);
      const send = (message: Out) => void sender.sendNow(message, socket);
      const run = async () => {
        const { delivery } = shared;
        // Without one, the handshake begins at once.
        if (delivery) await delivery.begin(socket as WebSocketLike, context.signal);
        await settings().handshake?.({ ...context, send, receive });
        end();
      };
      return () =>
        void run().then(
          () => context.signal.aborted || observeAndDispatch({ type: 'ready' }),
          (error) => fail('handshake', error),
        );
    },
    announceOpen: () => () => {
      const downtime = vitals.silence();
      vitals.markAlive();
      sender.linkOpened(() => {
        emit('open', { reconnected: downtime >= 0, downtime: downtime || 0 });
        emit('link');
      });
      attempts.linkOpened();
    },
    end: (cause, isFinal) => () => {
      attempts.discard(cause.kind === 'timeout');
      emit('close', cause, isFinal);
    },
    // Clears the data of the old scope before any handler runs, so that messages that a handler sends are not cleared with it.
    enterScope(dropsOutbox) {
      vitals.reset();
      receiver.reset();
      const emitDrop = dropsOutbox ? sender.clear('scope') : () => {};
      return () => {
        emit('scope');
        emitDrop();
      };
    },
    dropOutbox: () => shared.delivery?.drop() ?? sender.clear('closed'),
  };

  return ([name, ...args]) => (effects[name] as (...given: unknown[]) => () => void)(...args);
}
