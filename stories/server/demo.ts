import { isPong } from '../../src/core/lifeline/lifeline.ts';
import { PONG } from '../../src/core/protocol/frames.ts';
import type { Client } from './client.ts';
import type { Link, LinkEvents } from './link.ts';
import { runCommand } from './run-command.ts';
import { readCommand } from './read-command.ts';
import { Room } from './room.ts';
import { admit } from './tokens.ts';
import { MAX_PER_SECOND, type ServerWord } from './words.ts';

/** The server of the stories, without its sockets: it welcomes, echoes, and breaks connections on request. */
export interface Demo {
  /** Whether it refuses a client with this query now. */
  refuses(query: URLSearchParams): boolean;
  /**
   * Adds a link to the `room` of its query, with the `name` in it, and the `feed`: so many prices a second. With `graphql` it speaks
   * graphql-transport-ws.
   */
  join(link: Link, query: URLSearchParams): LinkEvents;
  /** Ends all refusals. The links are ended by their sockets. */
  close(): void;
}

/** Sends a message to everybody in a room, also to those who are away. `except`: not to its sender. */
export type Publish = (room: string, word: ServerWord, except?: Link) => void;

/** Makes a {@link Demo}. There can be several. */
export function createDemo(publish: Publish, log: (line: string) => void = () => {}): Demo {
  const rooms = new Map<string, Room>();
  const keyOf = (query: URLSearchParams) => query.get('room') ?? '';

  function receive(client: Client, room: Room, frame: string | Uint8Array): void {
    if (typeof frame !== 'string') return receiveBinary(client, room, frame);
    const command = readCommand(frame);
    if (command === null)
      return client.graphql ? client.graphql.receive(frame) : client.send(frame);
    log(`${client.name}: ${frame.slice(0, 120)}`);
    if (typeof command === 'string') return client.tell({ demo: 'error', message: command });
    runCommand(client, room, command);
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
      const room =
        rooms.get(key) ??
        new Room(
          (word, except) => publish(key, word, except),
          () => rooms.delete(key),
        );
      rooms.set(key, room);
      const perSecond = Math.min(Number(query.get('feed')) || 0, MAX_PER_SECOND);
      const client = room.join(
        link,
        query.get('name')?.slice(0, 40) ?? null,
        perSecond,
        query.has('graphql'),
      );
      const dismiss = admit(link, query.get('token'));
      log(`${client.name} connected`);
      return {
        receive(frame) {
          if (client.isCut) return false;
          receive(client, room, frame);
          return true;
        },
        serverSends(frame) {
          if (!client.muted || !isAnswer(frame)) client.send(frame);
        },
        ended(code) {
          log(`${client.name} left (${code})`);
          dismiss();
          client.stop();
          room.leave(client);
        },
      };
    },
    close() {
      for (const room of rooms.values()) room.close();
    },
  };
}

/** Whether a frame is a pong, of the default or the lifeline heartbeat. */
const isAnswer = (frame: string | Uint8Array) =>
  frame === PONG || (typeof frame === 'string' && isPong(frame) === true);
