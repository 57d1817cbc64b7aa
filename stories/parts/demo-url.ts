import { useState } from 'react';
import { DEMO_PATH } from '../server/words.ts';

/** The url of a room of the demo; by default a room of this story only. */
export function useDemoUrl(room?: string): string {
  return demoUrl(useRoom(room));
}

/** The given room, or a room of this story only. Tabs with the same room share it. */
export function useRoom(room?: string): string {
  const [ownRoom] = useState(() => Math.random().toString(36).slice(2));
  return room || ownRoom;
}

/** The url of a room of the demo. Without a name, the server chooses one. */
export function demoUrl(
  room: string,
  query: { name?: string; token?: string; feed?: string; graphql?: string } = {},
): string {
  return `${DEMO_PATH}?${new URLSearchParams({ room, ...query }).toString()}`;
}
