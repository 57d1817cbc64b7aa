import type { World } from './world.ts';

/** How long `next()` and `connected()` let time pass at most, in milliseconds. */
export const PATIENCE = 60_000;

/** The messages that have arrived at a test server. */
export interface Inbox<Message> {
  /** All of them, the oldest first. */
  readonly received: readonly Message[];
  add(message: Message): void;
  /** Takes the oldest one that was not taken yet. Without one, time passes until it comes. */
  next(): Promise<Message>;
}

/** Makes an {@link Inbox}. `name`: whose it is, for the error. */
export function createInbox<Message>(world: World, name: string): Inbox<Message> {
  const received: Message[] = [];
  let taken = 0;
  return {
    received,
    add: (message) => void received.push(message),
    async next() {
      if (!(await world.until(() => received.length > taken, PATIENCE)))
        throw new Error(
          `${name}.next(): no further message came within ${PATIENCE / 1_000} s of the test's clock, after ${received.length} in all. What the app sends after a timer or a request of its own needs real time, or fake timers: wait for it first.`,
        );
      return received[taken++] as Message;
    },
  };
}
