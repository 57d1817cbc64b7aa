import { INTERNAL_ERROR } from '../core/protocol/close-codes.ts';
import type { Admitted } from './admission/admission.ts';
import type { Topics } from './broadcasts/topics.ts';
import { type AnyIdentity, ServerClient } from './clients/client.ts';
import type { Clients } from './clients/clients.ts';
import type { Drain } from './clients/drain.ts';
import { closeOfError } from './clients/socket-errors.ts';
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

  open(admitted: Admitted<Identity>): void {
    const { clients, sweeper, presence, receiver, events } = this.#parts;
    const { socket, request } = admitted;
    const client = new ServerClient(admitted, sweeper.now);
    let isKnown = false;
    socket.on('message', (data, isBinary) => receiver.receive(client, data as Buffer, isBinary));
    socket.on('ping', () => receiver.countFrame(client));
    socket.on('pong', () => receiver.countFrame(client));
    // The `close` event that follows has the code 1006, even if ws has closed the socket with another one.
    socket.on('error', (error) => (client.closedWith ??= closeOfError(error)));
    socket.on('close', (code, reason) => {
      const [endCode, endReason] = client.closedWith ?? [code, String(reason)];
      this.#remove(client);
      if (isKnown) events.emit('disconnection', client, endCode, endReason);
    });
    clients.add(client);
    sweeper.start();
    try {
      presence.join(client.id, client.connection);
    } catch (error) {
      events.report(error);
      return client.close(INTERNAL_ERROR, 'The presence store failed.');
    }
    isKnown = true;
    events.emit('connection', client, request);
  }

  #remove(client: ServerClient<Identity>): void {
    const { clients, sweeper, drain, topics, watchers, presence, events } = this.#parts;
    clients.remove(client);
    if (clients.all.size === 0) sweeper.stop();
    drain.forget(client);
    topics.unsubscribeAll(client);
    watchers.unwatch(client);
    try {
      presence.leave(client.id, client.connection, client.hasLeft);
    } catch (error) {
      events.report(error);
    }
  }
}
