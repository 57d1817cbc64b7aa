import { isPong } from '../../src/core/lifeline/lifeline.ts';
import { PONG } from '../../src/core/protocol/frames.ts';
import type { Client } from './client.ts';
import type { Link, LinkEvents } from './link.ts';
import { obey } from './obey.ts';
import { readCommand } from './read-command.ts';
import { Room } from './room.ts';
import { admit } from './tokens.ts';

/** The server of the stories, apart from what carries it: it greets, echoes, and breaks connections on request. */
export interface Demo {
  /** Whether it turns away whoever comes with this query now. */
  refuses(query: URLSearchParams): boolean;
  /** Takes a link into the `room` of its query, under the `name` that it asks for there. */
  join(link: Link, query: URLSearchParams): LinkEvents;
  /** Opens the rooms that refuse. Its links are ended by what carries them. */
  close(): void;
}

/** Makes a {@link Demo}; any number of them can live side by side. */
export function createDemo(log: (line: string) => void = () => {}): Demo {
  const rooms = new Map<string, Room>();
  const keyOf = (query: URLSearchParams) => query.get('room') ?? '';

  function receive(client: Client, room: Room, frame: string | Uint8Array): void {
    if (typeof frame !== 'string') return receiveBinary(client, room, frame);
    const command = readCommand(frame);
    if (command === null) return client.send(frame);
    log(`${client.name}: ${frame.slice(0, 120)}`);
    if (typeof command === 'string') return client.tell({ demo: 'error', message: command });
    obey(client, room, command);
  }

  function receiveBinary(client: Client, room: Room, frame: Uint8Array): void {
    if (!client.edits) return client.send(frame);
    try {
      const { answer, others } = room.text.take(frame);
      for (const part of answer) client.send(part);
      for (const other of room.clients)
        if (other !== client && other.edits) for (const part of others) other.send(part);
    } catch (error) {
      client.tell({ demo: 'error', message: `edit: ${String(error)}` });
    }
  }

  return {
    refuses: (query) => rooms.get(keyOf(query))?.refuses ?? false,
    join(link, query) {
      const key = keyOf(query);
      const room = rooms.get(key) ?? new Room(() => rooms.delete(key));
      rooms.set(key, room);
      const client = room.join(link, query.get('name')?.slice(0, 40) ?? null);
      const dismiss = admit(link, query.get('token'));
      log(`${client.name} connected`);
      return {
        receive: (frame) => client.hear(() => receive(client, room, frame)),
        says: (frame) => {
          if (!isAnswer(frame)) return client.send(frame);
          // It was given as soon as the ping was here, which on a slow network is still on its way.
          client.hear(() => client.muted || client.send(frame));
        },
        ended(code) {
          log(`${client.name} left (${code})`);
          dismiss();
          client.rest();
          room.leave(client);
        },
      };
    },
    close() {
      for (const room of rooms.values()) room.reopen();
    },
  };
}

/** Of either heartbeat. */
const isAnswer = (frame: string | Uint8Array) =>
  frame === PONG || (typeof frame === 'string' && isPong(frame) === true);
