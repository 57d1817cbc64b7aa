import type { Client } from './client.ts';
import type { Room } from './room.ts';
import type { Command } from './words.ts';

/** Does to a client, or to its room, what it asked for. */
export function obey(client: Client, room: Room, command: Command): void {
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
      return room.say({ id: command.id, from: client.name, text: command.text });
    case 'history':
      return client.tell({ demo: 'history', said: room.said });
    case 'edit':
      client.edits = true;
      return;
    case 'subscribe':
      return client.stall.subscribe(command.topics);
    case 'unsubscribe':
      return client.stall.unsubscribe(command.topics);
    case 'stream':
      return client.stall.stream(command.perSecond);
    case 'follow':
      return client.tracker.follow(command.vehicles);
    case 'unfollow':
      return client.tracker.unfollow(command.vehicles);
    case 'count':
      return room.tellClients([client]);
  }
}
