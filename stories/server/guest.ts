/** Who comes to the demo: known to presence by room and name, so that each room has an Ada of its own. */
export interface Guest {
  readonly id: string;
  readonly query: URLSearchParams;
}

/** How much of a room or a name is kept: an id has its bounds. */
const MAX = 100;

/** @param connection is a name for who has none. */
export function guestOf(query: URLSearchParams, connection: string): Guest {
  const [room, name] = [query.get('room') ?? '', query.get('name') || connection];
  return { id: guestId(room, name), query };
}

/** How presence calls somebody in a room. */
export const guestId = (room: string, name: string): string =>
  `${room.slice(0, MAX)}/${name.slice(0, MAX)}`;

/** Presence is told within a room. */
export const isInRoomOf = (guest: Pick<Guest, 'id'>, id: string): boolean =>
  id.startsWith(guest.id.slice(0, guest.id.indexOf('/') + 1));

/** The name in what presence calls somebody. */
export const nameIn = (id: string): string => id.slice(id.indexOf('/') + 1);

/** How long somebody stays online after the last connection is gone, in milliseconds: stories are short. */
export const GRACE = 2_000;
