import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import type { Counters } from '../stats/stats.ts';
import type { Broadcast, BroadcastChannel } from './channel.ts';
import { type DirectMessage, readDirectMessage, writeDirectMessage } from './direct-message.ts';
import { type Disconnection, readDisconnection, writeDisconnection } from './disconnection.ts';
import { fanOut } from './fan-out.ts';
import type { Topics } from './topics.ts';
import { type History, keyOfIdentity, keyOfTopic } from '../history/history.ts';
import { RECORDED } from '../history/recorded.ts';
import type { TopicMessage } from '../history/store.ts';
import { isId } from '../protocol/id.ts';
import { reportRejection } from '../checks/rejections.ts';

interface BroadcasterListener {
  /** Closes the connections of an identity on this server. */
  disconnect(disconnection: Disconnection): void;
  /** Returns the connections of an identity on this server. */
  clientsOf(id: string): Iterable<ServerClient<AnyIdentity>>;
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
  /** What keeps the messages of topics; null if nothing does. */
  history: History | null = null;
  #clientsOf = (_id: string): Iterable<ServerClient<AnyIdentity>> => [];
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
  start({ disconnect, clientsOf, error }: BroadcasterListener): void {
    this.#onDisconnection = disconnect;
    this.#report = error;
    this.#clientsOf = clientsOf;
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
        this.#deliver(readDirectMessage(broadcast) ?? broadcast);
      },
      error,
    });
    reportRejection(started, error);
  }

  /** @returns What resolves when the message is recorded, if a history records it. */
  broadcast(broadcast: Broadcast): PromiseLike<void> {
    // Nobody can be subscribed to a topic that is not valid.
    if (broadcast.topic !== undefined && !isId(broadcast.topic)) return RECORDED;
    this.#counters.broadcasts++;
    const recording = this.#deliver(broadcast, true);
    this.#publish(broadcast);
    return recording;
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

  /** Sends a message to all connections of an identity, on all servers. */
  sendTo(direct: DirectMessage): PromiseLike<void> {
    this.#counters.broadcasts++;
    const recording = this.#deliver(direct, true);
    this.#publish(writeDirectMessage(direct));
    return recording;
  }

  /** Delivers a message on this server. `isOwn`: whether it was said here, so that this server records it for all. */
  #deliver(broadcast: Broadcast | DirectMessage, isOwn = false): PromiseLike<void> {
    const copy = copyOf(broadcast);
    const history = isOwn ? this.history : null;
    let recording: PromiseLike<void> | undefined;
    if ('id' in broadcast) {
      recording = history?.publish(keyOfIdentity(broadcast.id), copy);
      fanOut(copy, this.#clientsOf(broadcast.id), this.#counters, '');
    } else if (broadcast.topic === undefined) fanOut(copy, this.#clients, this.#counters);
    else {
      const { topic } = broadcast;
      recording = history?.publish(keyOfTopic(topic), copy);
      fanOut(copy, this.#topics.clientsOf(topic), this.#counters, topic);
    }
    return recording ?? RECORDED;
  }
}

/** A copy, because the application may change its bytes before the last client has read them. All clients share it. */
const copyOf = ({ message, except }: Broadcast & Partial<DirectMessage>): TopicMessage => ({
  data: Buffer.from(message),
  isBinary: typeof message !== 'string',
  except,
});
