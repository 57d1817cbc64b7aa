import type { Frame } from './link/frame.ts';
import type { Attempt } from './link/link.ts';
import type { Receiver } from './messages/receiver.ts';
import type { Sender } from './messages/sender.ts';
import type { Shared } from './shared.ts';

/** The handshake of the current link, if it has one. */
export interface Handshakes {
  /** Takes a frame that arrives before the link is open. Returns false if the link is open, or there is none. */
  take(frame: Frame): boolean;
  /** From now on, messages wait. Returns the function that calls the `handshake` function of the application. */
  prepare(attempt: Attempt | null): () => void;
  /** The link is open: delivers the messages that the handshake has not received. */
  deliverWaiting(): void;
  /** Forgets the messages, because the link has ended. */
  discard(): void;
}

/** Makes {@link Handshakes}. */
export function createHandshakes<In, Out>(
  {
    settings,
    state,
    observeAndDispatch,
  }: Pick<Shared<In, Out>, 'settings' | 'state' | 'observeAndDispatch'>,
  { sendNow }: Pick<Sender<Out>, 'sendNow'>,
  { receive, deliver }: Pick<Receiver<In>, 'receive' | 'deliver'>,
): Handshakes {
  /** The messages that came before the link was open and nobody has received; null if frames are delivered at once. */
  let messages: In[] | null = null;
  let receivers: ((message: In) => void)[] = [];

  const isRunning = () => state().status === 'handshaking';

  return {
    take(frame) {
      const waiting = messages;
      if (waiting)
        receive(frame, (message) => {
          const receiver = isRunning() && receivers.shift();
          if (receiver) receiver(message);
          else waiting.push(message);
        });
      return !!waiting;
    },
    prepare(attempt) {
      const waiting: In[] = [];
      messages = waiting;
      receivers = [];
      return () => {
        if (!attempt || !isRunning()) return;
        const { context, socket } = attempt;
        const { signal } = context;

        const receiveNext = () => {
          const received = new Promise<In>((resolve, reject) => {
            if (signal.aborted) reject(signal.reason);
            else if (isRunning() && waiting.length > 0) resolve(waiting.shift() as In);
            else {
              receivers.push(resolve);
              signal.addEventListener('abort', () => reject(signal.reason));
            }
          });
          // One that nobody awaits, such as the loser of a race, is no unhandled rejection.
          received.catch(() => {});
          return received;
        };
        const run = async () =>
          settings().handshake?.({
            ...context,
            send: (message) => void sendNow(message, socket),
            receive: receiveNext,
          });
        run().then(
          () => signal.aborted || observeAndDispatch({ type: 'ready' }),
          (error) => attempt.fail('handshake', error),
        );
      };
    },
    deliverWaiting() {
      // A handler may end the link. What arrives meanwhile waits behind them.
      while (messages?.length && state().status === 'open') deliver(messages.shift() as In);
      messages = null;
    },
    discard() {
      messages = null;
    },
  };
}
