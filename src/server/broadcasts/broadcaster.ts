import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import type { Counters } from '../stats/stats.ts';
import type { Broadcast, BroadcastChannel } from './channel.ts';
import { type Disconnection, readDisconnection, writeDisconnection } from './disconnection.ts';
import type { Topics } from './topics.ts';
import { isId } from '../protocol/id.ts';
import { reportRejection } from '../checks/rejections.ts';
import { toMessage } from '../protocol/lifeline-frame.ts';

interface BroadcasterListener {
  /** Closes the connections of an identity on this server. */
  disconnect(disconnection: Disconnection): void;
  /** The channel does not work at the moment. */
  error(this: void, error: unknown): void;
}

/** Sends broadcasts to the clients of this server, and exchanges them with other servers over a channel. */
export class Broadcaster<Identity extends AnyIdentity> {
  readonly #clients: Iterable<ServerClient<Identity>>;
  readonly #topics: Topics<ServerClient<Identity>>;
  readonly #channel: BroadcastChannel | undefined;
  readonly #counters: Counters;
  #report = (_error: unknown): void => {};
  #onDisconnection = (_disconnection: Disconnection): void => {};

  constructor(
    clients: Iterable<ServerClient<Identity>>,
    topics: Topics<ServerClient<Identity>>,
    channel: BroadcastChannel | undefined,
    counters: Counters,
  ) {
    this.#clients = clients;
    this.#topics = topics;
    this.#channel = channel;
    this.#counters = counters;
  }

  /** Starts to deliver what other servers send. */
  start({ disconnect, error }: BroadcasterListener): void {
    this.#onDisconnection = disconnect;
    this.#report = error;
    const channel = this.#channel;
    if (!channel) return;
    // An error of the channel must not end what the server does for a client.
    const guarded = (call?: (topic: string) => void) => (topic: string) => {
      try {
        reportRejection(call?.call(channel, topic), error);
      } catch (reason) {
        error(reason);
      }
    };
    this.#topics.onUse({ used: guarded(channel.follow), unused: guarded(channel.unfollow) });
    const started: unknown = channel.start({
      deliver: (broadcast) => {
        const disconnection = readDisconnection(broadcast);
        if (disconnection) return disconnect(disconnection);
        this.#counters.foreignBroadcasts++;
        this.#deliver(broadcast);
      },
      error,
    });
    reportRejection(started, error);
  }

  broadcast(broadcast: Broadcast): void {
    // Nobody can be subscribed to a topic that is not valid.
    if (broadcast.topic !== undefined && !isId(broadcast.topic)) return;
    this.#counters.broadcasts++;
    this.#deliver(broadcast);
    this.#publish(broadcast);
  }

  /** Closes the connections of an identity on all servers. */
  disconnect(disconnection: Disconnection): void {
    this.#onDisconnection(disconnection);
    this.#publish(writeDisconnection(disconnection));
  }

  async stop(): Promise<void> {
    await this.#channel?.stop();
  }

  #publish(broadcast: Broadcast): void {
    reportRejection(this.#channel?.publish(broadcast), this.#report);
  }

  #deliver({ message, topic, except }: Broadcast): void {
    const binary = typeof message !== 'string';
    // A copy, because the application may change its bytes before the last client has read them. All clients share it.
    const data = Buffer.from(toMessage(message));
    const receivers = topic === undefined ? this.#clients : this.#topics.clientsOf(topic);
    let count = 0;
    for (const client of receivers) {
      if (!client.isOpen || client.connection === except) continue;
      client.socket.send(data, { binary });
      count++;
    }
    this.#counters.messagesSent += count;
    this.#counters.bytesSent += count * data.length;
  }
}
