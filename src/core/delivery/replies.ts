import type { RequestOutcome } from '../messages/delivery.ts';
import type { DeliveryHost } from '../messages/delivery-host.ts';
import type { Receiver } from '../messages/receiver.ts';
import type { Heard } from './header.ts';
import { inParts } from './positions.ts';

/** How many ids one frame has: as many as a server keeps replies. */
const IDS_IN_FRAME = 256;

/** How long acknowledgements are gathered, in milliseconds. */
const GATHERING = 50;

/** The requests of an outbox whose replies have not come. */
export interface Replies {
  /** How many replies the server keeps, or may have to. */
  readonly size: number;
  /** The ids of those that were sent, and for whose reply somebody waits. */
  readonly open: Set<number>;
  /** Handles a frame, if it is about a request. Returns whether it is. */
  receive(heard: Heard): boolean;
  /** Tells that replies have come, so that the server can forget them. */
  acknowledge(): void;
  /** Asks for the replies to requests that the server has taken. */
  ask(isTaken: (id: number) => boolean): void;
  /** No reply will come any more. */
  lose(outcome: 'lost' | 'closed'): void;
}

/**
 * Makes {@link Replies}.
 *
 * @param say - Sends words if there is a session. Returns whether there is one.
 * @param freed - Called when the server has room for other replies.
 */
export function createReplies<In, Out>(
  { clock, emit }: Pick<DeliveryHost<In, Out>, 'clock' | 'emit'>,
  { decode }: Pick<Receiver<In>, 'decode'>,
  say: (words: object) => boolean,
  freed: () => void,
): Replies {
  const open = new Set<number>();
  /** The replies that are not acknowledged. */
  let heard: number[] = [];
  /** Those that were last: the link may have swallowed it. */
  let acknowledged: number[] = [];
  let timer: unknown;

  function acknowledge(): void {
    clock.clearTimeout(timer);
    timer = undefined;
    for (;;) {
      const ids = heard.slice(0, IDS_IN_FRAME);
      if (ids.length === 0 || !say({ lifeline: 'replied', ids })) return;
      acknowledged = [...acknowledged, ...ids].slice(-IDS_IN_FRAME);
      heard = heard.slice(IDS_IN_FRAME);
    }
  }

  function end(id: number, outcome: RequestOutcome, value?: In | string | null): void {
    open.delete(id);
    emit('reply', id, outcome, value);
  }

  function settle(id: number, { word, payload }: Heard): void {
    const outcome = word.lifeline as RequestOutcome;
    if (outcome !== 'reply') return end(id, outcome, word.reason as string | null);
    let isRead = payload === undefined;
    let value: In | undefined;
    if (payload !== undefined)
      decode(payload, (message) => {
        isRead = true;
        value = message;
      });
    end(id, isRead ? outcome : 'lost', value);
  }

  return {
    get size() {
      return open.size + heard.length;
    },
    open,
    receive(frame) {
      const { lifeline, id } = frame.word as { lifeline: string; id: number };
      if (lifeline === 'reply' || lifeline === 'refusal') {
        heard.push(id);
        timer ??= clock.setTimeout(() => {
          acknowledge();
          freed();
        }, GATHERING);
      } else if (lifeline !== 'lost') return lifeline === 'running';
      settle(id, frame);
      return true;
    },
    acknowledge,
    ask(isTaken) {
      for (const ids of inParts([...open].filter(isTaken), IDS_IN_FRAME))
        say({ lifeline: 'pending', ids });
      heard = [...acknowledged, ...heard];
      acknowledged = [];
      acknowledge();
    },
    lose(outcome) {
      heard = acknowledged = [];
      for (const id of open) end(id, outcome);
    },
  };
}
