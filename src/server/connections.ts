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

/** The parts of a server that hear of new clients and of clients that are gone. */
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

/** Adds each admitted client to the parts of the server, and removes it when its socket closes. */
export class Connections<Identity extends AnyIdentity> {
  readonly #parts: ConnectionParts<Identity>;

  constructor(parts: ConnectionParts<Identity>) {
    this.#parts = parts;
  }

  open({ socket, identity, connection, request }: Admitted<Identity>): void {
    const { clients, sweeper, presence, receiver, events } = this.#parts;
    const client = new ServerClient(socket, identity, connection, sweeper.now);
    socket.on('message', (data, isBinary) => receiver.receive(client, data as Buffer, isBinary));
    socket.on('ping', () => receiver.countFrame(client));
    socket.on('pong', () => receiver.countFrame(client));
    socket.on('error', ignore); // The code of the `close` event that follows tells the reason.
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
