import type { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { MAX_PERIOD } from '../limits/period.ts';
import type { PresenceListener, PresenceStore } from '../presence/store.ts';
import { keepLink, type RedisClient, type RedisKeeper, type RedisLink } from './link.ts';
import { createRoll } from './local-connections.ts';
import { BATCH, type Script, SCRIPTS } from './scripts.ts';

/** What can be said about a store in Redis. All servers that share one say the same. */
export interface RedisPresenceOptions {
  /**
   * How long an identity stays online after its last connection has gone, in whole milliseconds: long enough for a
   * reload of the page. @defaultValue 5_000
   */
  readonly grace?: number | undefined;
  /**
   * How long a connection counts after the last word of its server, in whole milliseconds, at least 300: the clients of
   * a server that was killed are offline after it, and have so long to reconnect to another. With less than 6_000 the
   * clients of a server that loses its connection for a moment may go offline for the others: it renews its leases three
   * times as often, and may need 1.5 s to notice and 1.9 s to be back. @defaultValue 15_000
   */
  readonly lease?: number | undefined;
  /**
   * What the names of keys and channels begin with. Channels know no database numbers: two applications in one Redis
   * need two prefixes. The client's own `keyPrefix` is not used. @defaultValue 'lifeline:'
   */
  readonly prefix?: string | undefined;
}

/** How often a server looks for those who are due to go offline, in milliseconds, unless its leases are short. */
const BEAT = 500;

/** The shortest lease, in milliseconds. A server speaks every 30th of it, and no timer keeps less than some 10 ms. */
const MIN_LEASE = 300;

/**
 * Presence of all servers that share a Redis, 6.2 or newer; neither a cluster nor a sentinel. The store makes a
 * connection of its own after the pattern of the client, which may be connected or not.
 *
 * While Redis is away, nobody goes offline for it, nor online. Two servers of which one alone has lost Redis cannot know
 * that of each other: the clients of that one go offline for the others when their leases end.
 *
 * A message on its channels that no store can have sent is ignored, and told by one `error`.
 *
 * @throws TypeError where a period is not such a number.
 */
export function redisPresence(
  client: RedisClient,
  { grace = 5_000, lease = 15_000, prefix = 'lifeline:' }: RedisPresenceOptions = {},
): PresenceStore {
  check('grace', grace, 0);
  check('lease', lease, MIN_LEASE);
  const server = randomUUID();
  const seenKey = `${prefix}seen`;
  const beat = Math.min(BEAT, lease / 30);
  const roll = createRoll(grace);
  /** Who is online, as far as Redis has told. */
  const view = new Set<string>();
  /** When the data in Redis began that this server has seen last. */
  let born: unknown = null;
  let current: RedisLink | null = null;
  let keeper: RedisKeeper | undefined;

  async function work(link: RedisLink, listener: PresenceListener): Promise<void> {
    // Every process of Redis has data of its own: what one that was restarted reads from its disk is history.
    const [, process = ''] = /run_id:(\w+)/.exec(String(await link.send('INFO', 'server'))) ?? [];
    const base = `${prefix}${process}:`;
    const hear = (message: Buffer) => learn(view, read(message), listener);
    await link.subscribe(`${base}changes`, hear);
    await link.subscribe(`${base}server:${server}`, hear);
    current = link;
    try {
      while (link.isWanted()) {
        await attend(link, base);
        await link.rest(beat);
      }
    } finally {
      current = null;
    }
  }

  /** Does what there is to do until this server stops, or must begin anew because the data in Redis did. */
  async function attend(link: RedisLink, base: string): Promise<void> {
    const token = randomUUID();
    const run = (script: Script, values: readonly string[] = []) =>
      link.send('EVAL', SCRIPTS[script], '2', base, seenKey, server, token, `${lease}`, ...values);

    const birth = await run('greet');
    // A server that is new here has nothing to put back.
    const known = born === null || birth === born ? [] : [...view].map((id) => JSON.stringify(id));
    for (let at = 0; at < known.length; at += BATCH)
      if ((await run('restore', known.slice(at, at + BATCH))) === null) return;
    born = birth;
    let renewAt = 0;
    let isUpToDate = false;
    for (;;) {
      if (performance.now() >= renewAt) {
        renewAt = performance.now() + lease / 3;
        roll.call();
      }
      while (roll.isDue()) {
        const report = roll.report(BATCH);
        if ((await run('report', report.values)) === null) return;
        report.settle();
      }
      if (!link.isWanted()) return;
      if (!isUpToDate) {
        if ((await run('tellAll')) === null) return;
        isUpToDate = true;
        link.restored();
      }
      const swept = await run('sweep');
      if (swept === null) return;
      if (!roll.isDue() && swept !== BATCH) await link.rest(beat);
    }
  }

  return {
    start(listener) {
      if (keeper)
        throw new Error('This store was given to a server already: make one for each server.');
      keeper = keepLink(
        client,
        (link) => work(link, listener),
        (error) => listener.error(error),
        'Who is online stays as it is until Redis is back, and is then brought up to date.',
      );
    },
    join(id, connection) {
      roll.join(id, connection);
      keeper?.wake();
    },
    leave(_id, connection) {
      roll.leave(connection);
      keeper?.wake();
    },
    seen: (_id, connection) => roll.seen(connection),
    isOnline: (id) => view.has(id),
    list: () => [...view],
    async lastSeen(id) {
      if (!current)
        throw new Error('Redis is away, and knows when somebody was last seen: ask again later.');
      const at = await current.send('ZSCORE', seenKey, JSON.stringify(id));
      return at === null ? null : Number(at);
    },
    async stop() {
      roll.leaveAll();
      await keeper?.stop();
    },
  };
}

/** What a script tells, by one of these words. */
type Told = { readonly [Word in 'all' | 'online' | 'offline']?: readonly string[] };

/** Throws where no script can have told it. */
function read(message: Buffer): Told {
  const told: unknown = JSON.parse(String(message));
  if (!isTold(told)) throw new TypeError('It holds no list of identities.');
  return told;
}

function isTold(told: unknown): told is Told {
  if (typeof told !== 'object' || told === null) return false;
  const { all, online, offline } = told as { [Word in keyof Told]: unknown };
  const lists = [all, online, offline].filter((list) => list !== undefined);
  return lists.length === 1 && isListOfText(lists[0]);
}

function isListOfText(list: unknown): boolean {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'string');
}

/** Takes note of what Redis tells, and tells of what is new in it. */
function learn(view: Set<string>, told: Told, listener: PresenceListener): void {
  const all = told.all && new Set(told.all);
  const offline = all ? [...view].filter((id) => !all.has(id)) : (told.offline ?? []);
  for (const id of offline) if (view.delete(id)) listener.offline(id);
  for (const id of all ?? told.online ?? []) {
    if (view.has(id)) continue;
    view.add(id);
    listener.online(id);
  }
}

function check(name: string, period: number, least: number): void {
  if (!Number.isInteger(period) || period < least || period > MAX_PERIOD)
    throw new TypeError(
      `${name} must be a whole number from ${least} to ${MAX_PERIOD}, not ${String(period)}.`,
    );
}
