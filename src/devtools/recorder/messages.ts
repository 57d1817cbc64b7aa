import type { Announced } from './announced.ts';
import type { Entry as OutboxEntry } from '../../core/messages/outbox.ts';
import type { MessageEntry } from './types.ts';

/** How many messages are followed at the same time. */
const MAX_FOLLOWED = 10_000;

type Outcome = readonly [what: MessageEntry['what'], reason?: string | null];

/** Follows what becomes of the messages that wait, and with a delivery of all that are counted. */
export function followMessages(
  { connection, shared, waiting }: Announced,
  record: (id: number, outcome: Outcome, message: unknown) => void,
): void {
  let count = 0;
  const ids = new WeakMap<OutboxEntry<never>, number>();
  /** The ids of messages of which more is to be told. Equal texts leave in their order. */
  const followed = new Map<unknown, number[]>();

  function follow(message: unknown): number {
    const id = ++count;
    followed.set(message, [...(followed.get(message) ?? []), id]);
    const [oldest] = followed.keys();
    if (followed.size > MAX_FOLLOWED) followed.delete(oldest);
    return id;
  }

  /** Tells what became of messages. A message that nobody has seen before is new: an earlier page has sent it. */
  function tell(messages: readonly unknown[], outcome: Outcome, isLast: boolean): void {
    for (const message of messages) {
      const known = followed.get(message) ?? [];
      const id = known[0] ?? (isLast ? ++count : follow(message));
      if (isLast && known.length > 1) followed.set(message, known.slice(1));
      else if (isLast) followed.delete(message);
      record(id, outcome, message);
    }
  }

  for (const { message, state } of connection.outbox)
    record(follow(message), [state === 'sent' ? 'sent' : 'queued'], message);

  const { add } = waiting;
  waiting.add = (entry) => {
    const { message } = entry.item;
    const id = follow(message);
    ids.set(entry, id);
    record(id, ['queued'], message);
    return add(entry);
  };

  const delivery = shared.delivery as
    | { put: NonNullable<typeof shared.delivery>['put'] }
    | undefined;
  if (delivery) {
    const { put } = delivery;
    delivery.put = (socket, frame, what) => {
      if (typeof what === 'boolean') return put(socket, frame, what);
      const entry = what('sent');
      const { message } = entry.item;
      put(socket, frame, () => entry);
      record(ids.get(entry) ?? follow(message), ['sent'], message);
      return true;
    };
  }

  shared.on('flush', (messages) => {
    // With a delivery they were told of when they were sent.
    if (!delivery) tell(messages, ['sent'], true);
  });
  shared.on('drop', (messages, reason) => tell(messages, ['dropped', reason], true));
  shared.on('confirm', (messages) => tell(messages, ['confirmed'], true));
  shared.on('uncertain', (messages) => tell(messages, ['uncertain'], true));
  shared.on('failed', (message, reason) => tell([message], ['failed', reason], true));
}
