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
      return subscribe(client, room, command.topics);
    case 'unsubscribe':
      for (const topic of command.topics) client.topics.delete(topic);
      return;
    case 'count':
      return room.tell(client, { demo: 'clients', clients: room.clients.size });
  }
}

/** How often a client gets new prices, in milliseconds, and of how many of its topics. */
const PRICE_INTERVAL = 50;
const PRICES_AT_ONCE = 20;

/** Sends prices of what the client is subscribed to, of each as often as of the others. */
function subscribe(client: Client, room: Room, topics: readonly string[]): void {
  const isFirst = client.topics.size === 0;
  for (const topic of topics) client.topics.add(topic);
  if (!isFirst) return;
  let next = 0;
  const ticking = setInterval(() => {
    const all = [...client.topics];
    if (all.length === 0 || client.socket.readyState !== client.socket.OPEN)
      return clearInterval(ticking);
    for (let count = Math.min(PRICES_AT_ONCE, all.length); count > 0; count--) {
      const topic = all[next++ % all.length] ?? '';
      const price = Math.round((100 + 10 * Math.sin(next / 90 + topic.length)) * 100) / 100;
      room.tell(client, { demo: 'price', topic, price });
    }
  }, PRICE_INTERVAL);
}

/** A paused socket hears neither data nor the end of it, as where no packet comes through. */
function cut(client: Client, room: Room): void {
  client.cut = true;
  client.socket.pause();
  room.leave(client);
  const forget = setTimeout(() => client.socket.terminate(), CUT_FOR).unref();
  client.socket.once('close', () => clearTimeout(forget));
}
