// The numbers here depend on each other, and the scripts on them. All are in milliseconds.

/** How long an answer of Redis may take, and how long a new connection until Redis has greeted it. */
export const ANSWER_TIMEOUT = 1_500;

/** How much of it is left for the greeting: a connection cannot be given up before it is made. */
const GREETING_TIME = 500;

/** How long the TCP connection to Redis may take. */
export const CONNECT_TIMEOUT: number = ANSWER_TIMEOUT - GREETING_TIME;

/** The least pause before the next attempt to connect, and the range of the random part that is added. */
export const RETRY_PAUSE = 200;

/**
 * How long a server may take to have a link after Redis can be reached again. Where the network dropped packets silently
 * until just then, the attempt that had begun is lost, and the next one comes after the pause.
 */
const MAX_RECONNECT_TIME = ANSWER_TIMEOUT + 2 * RETRY_PAUSE;

/**
 * How long all servers have to come back when the data in Redis begin anew; nobody goes offline before. A server may be
 * back {@link MAX_RECONNECT_TIME} after the first one, and then has half a second left for its first four commands. In all,
 * everything is right again within 5 s of Redis' return: after 1.9 s the first server is back, 2.4 s later this period
 * ends, and at most 0.5 s later comes the next sweep.
 */
export const RESTORE_PERIOD: number = MAX_RECONNECT_TIME + 500;
