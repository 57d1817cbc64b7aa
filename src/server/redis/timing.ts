// The numbers here depend on each other, and the scripts on them. All are in milliseconds.

/** How long Redis may take to answer a command, and to greet a new connection. */
export const ANSWER_TIMEOUT = 1_500;

/** The part of {@link ANSWER_TIMEOUT} for the greeting. The rest is for TCP: an attempt cannot be cancelled before TCP connects. */
const GREETING_TIME = 500;

/** How long the TCP connection to Redis may take. */
export const CONNECT_TIMEOUT: number = ANSWER_TIMEOUT - GREETING_TIME;

/** The shortest pause before the next attempt to connect, and the range of the random time that is added. */
export const RETRY_PAUSE = 200;

/**
 * The first pause after a refusal that only the operator can end, such as a wrong password. It doubles up to
 * {@link MAX_REFUSED_PAUSE}.
 */
export const REFUSED_PAUSE = 1_000;

/** The longest pause after a refusal that only the operator can end. */
export const MAX_REFUSED_PAUSE = 30_000;

/** The time between two checks whether new connections still reach the Redis of the present one. */
export const ADDRESS_CHECK_INTERVAL = 5_000;

/**
 * How long a server may take to connect after Redis can be reached again: one attempt that started just before and times
 * out, because the network still dropped its packets, and the longest pause before the next attempt.
 */
const MAX_RECONNECT_TIME = ANSWER_TIMEOUT + 2 * RETRY_PAUSE;

/**
 * How long all servers have to reconnect after the data in Redis was lost; no identity goes offline before. A server may
 * connect up to {@link MAX_RECONNECT_TIME} after the first one, and needs half a second for its first four commands. So
 * presence is correct at most 5 s after Redis is back: the first server connects within 1.9 s, this period ends 2.4 s
 * later, and the next sweep comes within 0.5 s.
 */
export const RESTORE_PERIOD: number = MAX_RECONNECT_TIME + 500;

/** How long the history waits for a Redis that cannot be reached: to record a message, and to read for a client. */
export const PATIENCE = 10_000;
