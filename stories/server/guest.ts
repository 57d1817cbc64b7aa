/** A client of the demo. Its id has room and name, so that each room can have an Ada. */
export interface Guest {
  readonly id: string;
  readonly room: string;
  readonly name: string;
  readonly query: URLSearchParams;
}

/** The longest room and name, since an id has a length limit. */
const MAX = 100;

/** @param connection - The name of a client without one. */
export function guestOf(query: URLSearchParams, connection: string): Guest {
  const [room, name] = [query.get('room') ?? '', query.get('name') || connection];
  return { id: guestId(room, name), room, name, query };
}

/** The id of a person in a room. */
export const guestId = (room: string, name: string): string =>
  `${room.slice(0, MAX)}/${name.slice(0, MAX)}`;

/** Whether an id is in the room of a guest. */
export const isInRoomOf = (guest: Pick<Guest, 'id'>, id: string): boolean =>
  id.startsWith(guest.id.slice(0, guest.id.indexOf('/') + 1));

/** The topic to which everybody in a room is subscribed. */
export const roomTopic = (room: string): string => `room ${room.slice(0, MAX)}`;

/** The topic of a place in a room, for whoever is in that place. */
export const placeTopic = (room: string, place: string): string =>
  `${roomTopic(room)}, ${place.slice(0, MAX)}`;

/** The name in an id. */
export const nameIn = (id: string): string => id.slice(id.indexOf('/') + 1);

/** The grace of presence in milliseconds, short for stories. */
export const GRACE = 2_000;
