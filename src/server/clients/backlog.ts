import type { WebSocket } from 'ws';
import { takenBytes } from './socket-state.ts';

/** How many bytes may wait for a client that does not read. */
const MAX_WAITING = 1_048_576;

/** How many bytes may wait for a client that reads slowly. */
const MAX_WAITING_SLOW = 33_554_432;

/** How long more may wait, in milliseconds. */
const SLOW_TIMEOUT = 5_000;

/** The longest pause between two portions that a client takes, in milliseconds. */
const MAX_PAUSE = 60_000;

/** How many bytes a client must take in {@link SLOW_TIMEOUT}. With less waiting, it is not watched. */
const PORTION = 65_536;

/** What counts as a portion: a packet on the loopback device is a little smaller than 64 KiB. */
const MIN_PORTION = 49_152;

/** What waits for a client, and whether the client reads. Times are those of the sweeper. */
export interface Backlog {
  /** When it was first seen that more than {@link MAX_WAITING} bytes wait; null if they do not. */
  fullSince: number | null;
  /** When the client was last seen to read, and how many bytes it had taken then. */
  readAt: number;
  takenBytes: number;
  /** How long the next portion may take. */
  patience: number;
}

/** The fields of a client that the check uses. */
interface CheckedClient {
  backlog: Backlog | null;
  lastFrameAt: number;
  readonly socket: Pick<WebSocket, 'bufferedAmount'>;
}

/**
 * Checks the send buffer of a client. That it reads is a sign of life: the answer to a ping waits behind the backlog.
 *
 * @returns Whether too much has waited for too long.
 */
export function isBehind(client: CheckedClient, now: number): boolean {
  const { bufferedAmount } = client.socket;
  if (bufferedAmount <= PORTION) {
    client.backlog = null;
    return false;
  }
  const taken = takenBytes(client.socket);
  const backlog = (client.backlog ??= {
    fullSince: null,
    readAt: now,
    takenBytes: taken,
    patience: SLOW_TIMEOUT,
  });
  const portion = taken - backlog.takenBytes;
  if (portion >= MIN_PORTION) {
    const patience = patienceAfter(portion, now - backlog.readAt);
    Object.assign(backlog, { readAt: now, takenBytes: taken, patience });
    client.lastFrameAt = now;
  }
  backlog.fullSince = bufferedAmount > MAX_WAITING ? (backlog.fullSince ?? now) : null;
  if (backlog.fullSince === null) return false;
  const { fullSince, readAt, patience } = backlog;
  const fullFor = now - fullSince;
  if (fullFor < SLOW_TIMEOUT) return false;
  return bufferedAmount > MAX_WAITING_SLOW || Math.min(fullFor, now - readAt) >= patience;
}

/**
 * How long the next portion may take. The operating system tells of what the client reads only in portions: on the loopback
 * device of Linux, with its send buffer of 4 MiB, in portions of 1.4 MB. So a client that needed long for a large one gets twice
 * that time, as long as it takes 64 KiB in 5 s on average.
 */
function patienceAfter(portion: number, duration: number): number {
  const earned = SLOW_TIMEOUT * (portion / PORTION);
  return Math.max(SLOW_TIMEOUT, Math.min(2 * duration, earned, MAX_PAUSE));
}
