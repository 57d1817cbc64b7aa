import type { Client, Room } from './room.ts';
import type { Command } from './words.ts';

/** How long the server keeps a connection whose cable was cut: longer than anybody waits for it in a story. */
const CUT_FOR = 120_000;

/** Does to a client, or to its room, what it asked for. */
export function obey(client: Client, room: Room, command: Command): void {
  switch (command.demo) {
    case 'drop':
      return client.socket.terminate();
    case 'close':
      return client.socket.close(command.code, command.reason);
    case 'cut':
      return cut(client, room);
    case 'mute':
      client.muted = true;
      return room.tell(client, { demo: 'done', command: 'mute' });
    case 'refuse':
      room.refuseFor(command.seconds);
      return room.tell(client, { demo: 'done', command: 'refuse' });
    case 'broadcast':
      return room.broadcast({ demo: 'broadcast', from: client.name, text: command.text });
    case 'subscribe':
      return client.stall.subscribe(command.topics);
    case 'unsubscribe':
      return client.stall.unsubscribe(command.topics);
    case 'stream':
      return client.stall.stream(command.perSecond);
    case 'count':
      return room.tell(client, { demo: 'clients', clients: room.clients.size });
  }
}

/** A paused socket hears neither data nor the end of it, as where no packet comes through. */
function cut(client: Client, room: Room): void {
  client.cut = true;
  client.socket.pause();
  client.stall.close();
  room.leave(client);
  const forget = setTimeout(() => client.socket.terminate(), CUT_FOR).unref();
  client.socket.once('close', () => clearTimeout(forget));
}
