import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import type { Broadcast, BroadcastChannel } from './channel.ts';
import { type Disconnection, readDisconnection, writeDisconnection } from './disconnection.ts';
import type { Topics } from './topics.ts';
import { isId } from '../protocol/id.ts';

/** Sends broadcasts to the clients of this server, and exchanges them with other servers over a channel. */
export class Broadcaster<Identity extends AnyIdentity> {
  readonly #clients: Iterable<ServerClient<Identity>>;
  readonly #topics: Topics<ServerClient<Identity>>;
  readonly #channel: BroadcastChannel | undefined;

  constructor(
    clients: Iterable<ServerClient<Identity>>,
    topics: Topics<ServerClient<Identity>>,
    channel: BroadcastChannel | undefined,
  ) {
    this.#clients = clients;
    this.#topics = topics;
    this.#channel = channel;
  }

  /** Starts to deliver the broadcasts of other servers. */
  start(report: (error: Error) => void): void {
    this.#channel?.start({
      deliver: (broadcast) => {
        const disconnection = readDisconnection(broadcast);
        if (disconnection) this.#disconnect(disconnection);
        else this.#deliver(broadcast);
      },
      error: report,
    });
  }

  broadcast(broadcast: Broadcast): void {
    // Nobody can be subscribed to a topic that is not valid.
    if (broadcast.topic !== undefined && !isId(broadcast.topic)) return;
    this.#deliver(broadcast);
    this.#channel?.publish(broadcast);
  }

  /** Closes the connections of an identity on all servers. */
  disconnect(disconnection: Disconnection): void {
    this.#disconnect(disconnection);
    this.#channel?.publish(writeDisconnection(disconnection));
  }

  async stop(): Promise<void> {
    await this.#channel?.stop();
  }

  #disconnect({ id, code, reason }: Disconnection): void {
    for (const client of this.#clients) if (client.id === id) client.close(code, reason);
  }

  #deliver({ message, topic, except }: Broadcast): void {
    const binary = typeof message !== 'string';
    // A copy, because the application may change its bytes before the last client has read them. All clients share it.
    const data = Buffer.from(message);
    const receivers = topic === undefined ? this.#clients : this.#topics.clientsOf(topic);
    for (const client of receivers)
      if (client.isOpen && client.connection !== except) client.socket.send(data, { binary });
  }
}
