import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Broadcast, BroadcastChannel, BroadcastListener } from '../broadcasts/channel.ts';
import { keepLink, type RedisClient, type RedisKeeper, type RedisLink } from './link.ts';

/** What can be said about a channel in Redis. All servers that share one say the same. */
export interface RedisBroadcastOptions {
  /**
   * What the name of the channel begins with. Channels know no database numbers: two applications in one Redis need two
   * prefixes. @defaultValue 'lifeline:'
   */
  readonly prefix?: string | undefined;
}

/** What goes ahead of a message, in a line of its own. */
interface Header extends Omit<Broadcast, 'message'> {
  readonly from: string;
  /** When it was sent, by Redis' clock, in epoch milliseconds. */
  readonly at: number;
  readonly isText: boolean;
}

/** How often Redis is asked for a sign of life, in milliseconds. */
const BEAT = 1_000;

/** How many bytes may be on their way to a Redis that does not answer. */
const MAX_UNANSWERED = 16 * 1_048_576;

/**
 * How old a broadcast may be when it arrives, in milliseconds. Older ones waited in a network or a Redis that stood still:
 * their server has told that they reach nobody else.
 */
const MAX_AGE = 5_000;

/**
 * Carries broadcasts between all servers that share a Redis, over its publish/subscribe. The channel makes a connection
 * of its own after the pattern of the client, which may be connected or not. What is broadcast while Redis is away
 * reaches only the clients of its own server, and so does what would reach the others later than 5 s.
 *
 * A message on its channel that is no broadcast is ignored, and told by one `error`.
 */
export function redisBroadcast(
  client: RedisClient,
  { prefix = 'lifeline:' }: RedisBroadcastOptions = {},
): BroadcastChannel {
  const server = randomUUID();
  const channel = `${prefix}broadcast`;
  /** What Redis' clock shows when that of this process, which never jumps, begins. */
  let epoch = 0;
  let unanswered = 0;
  let isBehind = false;
  let listener: BroadcastListener | undefined;
  let current: RedisLink | null = null;
  let keeper: RedisKeeper | undefined;

  const now = () => epoch + performance.now();

  /** Makes sure that Redis answers, and sets the clock after its one: those of two servers may differ by any time. */
  async function ask(link: RedisLink): Promise<void> {
    const asked = performance.now();
    const [seconds, microseconds] = (await link.send('TIME')) as [string, string];
    epoch = Number(seconds) * 1_000 + Number(microseconds) / 1_000 - asked;
  }

  function hear(data: Buffer): void {
    const { from, at, broadcast } = decode(data);
    if (from !== server && now() - at <= MAX_AGE) listener?.deliver(broadcast);
  }

  async function work(link: RedisLink): Promise<void> {
    await ask(link);
    await link.subscribe(channel, hear);
    current = link;
    try {
      while (link.isWanted()) {
        // All that was sent before has been answered, too.
        isBehind = false;
        link.restored();
        await link.rest(BEAT);
        await ask(link);
      }
    } finally {
      current = null;
    }
  }

  async function send(link: RedisLink, message: Buffer): Promise<void> {
    unanswered += message.length;
    try {
      await link.send('PUBLISH', channel, message);
    } catch (error) {
      keeper?.lose(error);
    } finally {
      unanswered -= message.length;
    }
  }

  function fallBehind(): void {
    if (isBehind) return;
    isBehind = true;
    listener?.error(
      new Error(
        `Redis does not keep up: ${MAX_UNANSWERED / 1_048_576} MiB wait for it. Broadcasts reach only the clients of their own server until there is room: send less, or give Redis a faster network.`,
      ),
    );
  }

  return {
    start(given) {
      if (keeper)
        throw new Error('This channel was given to a server already: make one for each server.');
      listener = given;
      keeper = keepLink(
        client,
        work,
        (error) => given.error(error),
        'Broadcasts reach only the clients of their own server until Redis is back.',
      );
    },
    publish(broadcast) {
      if (!current) return keeper?.lose('there is no connection');
      const message = encode(server, now(), broadcast);
      if (unanswered + message.length > MAX_UNANSWERED) fallBehind();
      else void send(current, message);
    },
    async stop() {
      await keeper?.stop();
    },
  };
}

function encode(from: string, at: number, { message, ...rest }: Broadcast): Buffer {
  const header: Header = { ...rest, from, at, isText: typeof message === 'string' };
  // JSON has no line feed of its own.
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(message)]);
}

/** Throws where no channel can have encoded it. */
function decode(data: Buffer): { from: string; at: number; broadcast: Broadcast } {
  const end = data.indexOf('\n');
  const header: unknown = JSON.parse(String(data.subarray(0, end)));
  if (!isHeader(header)) throw new TypeError('It does not begin with the header of a broadcast.');
  const { from, at, isText, topic, except } = header;
  const body = data.subarray(end + 1);
  return { from, at, broadcast: { message: isText ? String(body) : body, topic, except } };
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const { from, at, isText, topic, except } = value as { [Name in keyof Header]: unknown };
  return (
    typeof from === 'string' &&
    typeof at === 'number' &&
    typeof isText === 'boolean' &&
    isTextOrNone(topic) &&
    isTextOrNone(except)
  );
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
