import { Buffer } from 'node:buffer';
import type { Broadcast, BroadcastChannel } from './presence.ts';
import { keepLink, type RedisClient, type RedisKeeper, type RedisLink } from './redis-link.ts';

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
  readonly isText: boolean;
}

/** How often Redis is asked for a sign of life, in milliseconds. */
const BEAT = 1_000;

/** How many bytes may be on their way to a Redis that does not answer. */
const MAX_UNANSWERED = 16 * 1_048_576;

/**
 * Carries broadcasts between all servers that share a Redis, over its publish/subscribe. The channel makes a connection
 * of its own after the pattern of the client, which may be connected or not. What is broadcast while Redis is away
 * reaches only the clients of its own server.
 */
export function redisBroadcast(
  client: RedisClient,
  { prefix = 'lifeline:' }: RedisBroadcastOptions = {},
): BroadcastChannel {
  const server = crypto.randomUUID();
  const channel = `${prefix}broadcast`;
  let isStopping = false;
  let unanswered = 0;
  let current: RedisLink | null = null;
  let keeper: RedisKeeper | undefined;

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

  return {
    start(listener) {
      async function work(link: RedisLink): Promise<void> {
        await link.subscribe(channel, (message) => {
          const { from, broadcast } = decode(message);
          if (from !== server) listener.deliver(broadcast);
        });
        current = link;
        link.restored();
        try {
          while (!isStopping) {
            await link.send('PING');
            await link.rest(BEAT);
          }
        } finally {
          current = null;
        }
      }
      keeper = keepLink(client, work, (reason, cause) =>
        listener.error(
          new Error(
            `Redis cannot be used: ${reason}. Broadcasts reach only the clients of their own server until Redis is back.`,
            { cause },
          ),
        ),
      );
    },
    publish(broadcast) {
      const message = encode(server, broadcast);
      if (!current) keeper?.lose('there is no connection');
      else if (unanswered + message.length > MAX_UNANSWERED) keeper?.lose('it does not keep up');
      else void send(current, message);
    },
    async stop() {
      isStopping = true;
      keeper?.wake();
      await keeper?.stop();
    },
  };
}

function encode(from: string, { message, ...rest }: Broadcast): Buffer {
  const header: Header = { ...rest, from, isText: typeof message === 'string' };
  // JSON has no line feed of its own.
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(message)]);
}

function decode(data: Buffer): { from: string; broadcast: Broadcast } {
  const end = data.indexOf('\n');
  const { from, isText, ...rest } = JSON.parse(String(data.subarray(0, end))) as Header;
  const body = data.subarray(end + 1);
  return { from, broadcast: { ...rest, message: isText ? String(body) : body } };
}
