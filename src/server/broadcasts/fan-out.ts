import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import type { TopicMessage } from '../history/store.ts';
import { toPlain } from '../history/topic-frame.ts';
import { toPayload } from '../messages/payload.ts';
import type { Counters } from '../stats/stats.ts';

/** The clients that get a message, and those that do not. */
interface Receivers<Identity extends AnyIdentity> {
  readonly clients: Iterable<ServerClient<Identity>>;
  /** The topic whose followers have got it from the history already. */
  readonly recorded?: string | undefined;
}

/** Sends one message to many clients. It is copied and encoded once. */
export function fanOut<Identity extends AnyIdentity>(
  message: TopicMessage,
  { clients, recorded }: Receivers<Identity>,
  counters: Pick<Counters, 'messagesSent' | 'bytesSent'>,
): void {
  const { isBinary: binary, except } = message;
  const data = toPlain(message);
  let headed: Buffer | undefined;
  let count = 0;
  for (const client of clients) {
    const { delivery } = client;
    if (!client.isOpen || client.connection === except) continue;
    if (delivery) {
      if (delivery.outbox !== null && delivery.outbox === except) continue;
      if (recorded !== undefined && delivery.follows(recorded)) continue;
    }
    const frame = delivery?.hasHeaders ? (headed ??= withHeaderIfAlike(message)) : data;
    client.socket.send(frame, { binary });
    count++;
    counters.bytesSent += frame.length;
  }
  counters.messagesSent += count;
}

const withHeaderIfAlike = ({ data, isBinary }: TopicMessage) =>
  Buffer.from(toPayload(isBinary ? data : String(data)));
