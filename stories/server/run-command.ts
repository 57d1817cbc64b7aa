import type { Client } from './client.ts';
import type { Room } from './room.ts';
import { firstPrice } from './prices.ts';
import type { Command, ServerWord } from './words.ts';

/** Runs a command of a client. */
export function runCommand(client: Client, room: Room, command: Command): void {
  switch (command.demo) {
    case 'drop':
      return client.link.drop();
    case 'cut':
      client.cut(command.seconds);
      return room.leave(client);
    case 'cut-others': {
      const others = [...room.clients].filter((other) => other !== client);
      client.cutOthers(others);
      for (const other of others) room.leave(other);
      return client.tell({ demo: 'done', command: 'cut-others' });
    }
    case 'mute':
      client.muted = command.on ?? true;
      return client.tell({ demo: 'done', command: 'mute' });
    case 'kill':
      room.refuseFor(command.seconds);
      for (const { link } of room.clients) link.drop();
      return;
    case 'refuse':
      room.refuseFor(command.seconds);
      return client.tell({ demo: 'done', command: 'refuse' });
    case 'say':
      return room.publish({ demo: 'said', from: client.name, text: command.text }, client.link);
    case 'talk':
      return room.talk.begin();
    case 'number':
      return room.talk.hear(client.name, command.number);
    case 'edit':
      client.edits = true;
      return;
    case 'subscribe':
      return client.prices.subscribe(command.topics);
    case 'unsubscribe':
      return client.prices.unsubscribe(command.topics);
    case 'stream':
      return client.prices.stream(command.perSecond);
    case 'enter':
      return client.link.enter(command.place);
    case 'leave':
      return client.link.leave(command.place);
    case 'ask':
      return client.tell(answer(command));
    case 'follow':
      return client.tracker.follow(command.vehicles);
    case 'unfollow':
      return client.tracker.unfollow(command.vehicles);
    case 'count':
      return room.tellClients([client]);
  }
}

function answer({ share, id = 0 }: Extract<Command, { demo: 'ask' }>): ServerWord {
  return /^[A-Z]{1,5}$/.test(share)
    ? { demo: 'answer', id, price: firstPrice(share) }
    : { demo: 'answer', id, error: `There is no share “${share}”.` };
}
