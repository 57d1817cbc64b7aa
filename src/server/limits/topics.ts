/** How many topics a client may subscribe to, and watch. Without a limit, a client could fill the memory. */
export const MAX_TOPICS = 1_000;
