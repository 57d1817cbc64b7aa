import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import type { TopicMessage } from '../history/store.ts';
import { toPlain } from '../history/topic-frame.ts';
import { toPayload } from '../messages/payload.ts';
import type { Counters } from '../stats/stats.ts';

/**
 * Sends one message to many clients. It is copied and encoded once.
 *
 * @param topic - Those who follow this topic get its messages from the history.
 */
export function fanOut(
  message: TopicMessage,
  clients: Iterable<ServerClient<AnyIdentity>>,
  counters: Pick<Counters, 'messagesSent' | 'bytesSent'>,
  topic?: string,
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
      if (topic !== undefined && delivery.follows(topic)) continue;
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
