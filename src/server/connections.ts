import type { Admitted } from './admission/admission.ts';
import type { Topics } from './broadcasts/topics.ts';
import { type AnyIdentity, ServerClient } from './clients/client.ts';
import type { Clients } from './clients/clients.ts';
import type { Drain } from './clients/drain.ts';
import type { Sweeper } from './clients/sweeper.ts';
import type { Events } from './events.ts';
import type { PresenceStore } from './presence/store.ts';
import type { Watchers } from './presence/watchers.ts';
import type { Receiver } from './receiver.ts';

/** What is told of each new client, and of its end. */
interface ConnectionParts<Identity extends AnyIdentity> {
  readonly clients: Clients<Identity>;
  readonly sweeper: Sweeper;
  readonly drain: Drain;
  readonly topics: Topics<ServerClient<Identity>>;
  readonly watchers: Watchers<ServerClient<Identity>>;
  readonly presence: PresenceStore;
  readonly receiver: Receiver<Identity>;
  readonly events: Events<Identity>;
}

/** The life of each client, from its admission to its end. */
export class Connections<Identity extends AnyIdentity> {
  readonly #parts: ConnectionParts<Identity>;

  constructor(parts: ConnectionParts<Identity>) {
    this.#parts = parts;
  }

  open({ socket, identity, connection, request }: Admitted<Identity>): void {
    const { clients, sweeper, presence, receiver, events } = this.#parts;
    const client = new ServerClient(socket, identity, connection, sweeper.now);
    socket.on('message', (data, isBinary) => receiver.receive(client, data as Buffer, isBinary));
    socket.on('ping', () => receiver.accept(client));
    socket.on('pong', () => receiver.accept(client));
    socket.on('error', ignore); // The close code that follows says what it was.
    socket.on('close', (code, reason) => this.#end(client, code, String(reason)));
    clients.add(client);
    sweeper.start();
    presence.join(client.id, connection);
    events.emit('connection', client, request);
  }

  #end(client: ServerClient<Identity>, code: number, reason: string): void {
    const { clients, sweeper, drain, topics, watchers, presence, events } = this.#parts;
    clients.remove(client);
    if (clients.all.size === 0) sweeper.stop();
    drain.forget(client);
    topics.unsubscribeAll(client);
    watchers.unwatch(client);
    presence.leave(client.id, client.connection);
    events.emit('disconnection', client, code, reason);
  }
}

function ignore(): void {}
