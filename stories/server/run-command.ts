import type { Client } from './client.ts';
import type { Room } from './room.ts';
import type { Command } from './words.ts';

/** The number of a command that is a request. */
const numberOf = ({ request }: { request?: number }) => (request === undefined ? {} : { request });

/** Runs a command of a client. */
export function runCommand(client: Client, room: Room, command: Command): void {
  switch (command.demo) {
    case 'drop':
      return client.link.drop();
    case 'close':
      return client.link.close(command.code, command.reason);
    case 'cut':
      client.cut();
      return room.leave(client);
    case 'slow':
      return client.slow(command);
    case 'mute':
      client.muted = true;
      return client.tell({ demo: 'done', command: 'mute' });
    case 'refuse':
      room.refuseFor(command.seconds);
      return client.tell({ demo: 'done', command: 'refuse' });
    case 'say':
      room.say({ id: command.id, from: client.name, text: command.text });
      if (command.request === undefined) return;
      return client.tell({ demo: 'confirmed', request: command.request });
    case 'history':
      return client.tell({ demo: 'history', said: room.said, ...numberOf(command) });
    case 'edit':
      client.edits = true;
      return;
    case 'subscribe':
      return client.prices.subscribe(command.topics);
    case 'unsubscribe':
      return client.prices.unsubscribe(command.topics);
    case 'stream':
      return client.prices.stream(command.perSecond);
    case 'follow':
      return client.tracker.follow(command.vehicles);
    case 'unfollow':
      return client.tracker.unfollow(command.vehicles);
    case 'count':
      return room.tellClients([client]);
  }
}
