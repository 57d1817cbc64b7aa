import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { PresenceListener } from '../presence/store.ts';
import { AddressCheck } from './address-check.ts';
import { BATCH } from './batch.ts';
import type { RedisNode } from './client.ts';
import type { RedisLink } from './link.ts';
import type { LocalConnections } from './local-connections.ts';
import { type OnlineView, parsePresenceMessage } from './online-view.ts';
import { PresenceTopicSync } from './presence-topic-sync.ts';
import type { PresenceTopics } from './presence-topics.ts';
import type { RedisReporter } from './reporter.ts';
import { type RunScript, SCRIPTS } from './scripts.ts';

/** The longest time between two sweeps for identities that must go offline, in milliseconds. Short leases need more sweeps. */
const SWEEP_INTERVAL = 500;

/** What {@link AddressCheck} publishes on the channel of a server: a message without a change. */
const ECHO: Buffer = Buffer.from(JSON.stringify({ online: [] }));

interface SyncOptions {
  readonly client: RedisNode;
  readonly prefix: string;
  /** The option of the same name, in milliseconds. */
  readonly lease: number;
}

/** Reports the connections of this server to Redis, and gets from it which identities are online. */
export class PresenceSync {
  readonly #options: SyncOptions;
  readonly #connections: LocalConnections;
  readonly #view: OnlineView;
  readonly #topics: PresenceTopics;
  readonly #server: string = randomUUID();
  /** The start of all keys and channels. The hash tag puts them all into one slot of a cluster, where scripts need them. */
  readonly #start: string;
  readonly #seenKey: string;
  readonly #interval: number;
  /** The start time of the data in Redis that has all this server knew. Another time means that the data was lost. */
  #born: unknown = null;
  /** The start time of the data in Redis, as this server last read it. Scripts change no other data. */
  #claimed: unknown = null;
  /** How often in a row the count of online identities in Redis was not that of this server. */
  #differs = 0;
  #link: RedisLink | undefined;

  constructor(
    options: SyncOptions,
    connections: LocalConnections,
    view: OnlineView,
    topics: PresenceTopics,
  ) {
    this.#options = options;
    this.#connections = connections;
    this.#view = view;
    this.#topics = topics;
    this.#start = `${options.prefix}{presence}:`;
    this.#seenKey = `${this.#start}seen`;
    this.#interval = Math.min(SWEEP_INTERVAL, options.lease / 30);
  }

  /** Works on one link until the link is lost or this server stops. */
  async run(link: RedisLink, listener: PresenceListener, reporter: RedisReporter): Promise<void> {
    const base = await this.#keyBase(link);
    const apply = (data: Buffer) => {
      const message = parsePresenceMessage(data);
      if (message.topic === undefined) this.#view.apply(message, listener);
      else this.#topics.followed.apply(message.topic, message);
    };
    const channel = `${base}server:${this.#server}`;
    const check = new AddressCheck(this.#options.client, link, channel, ECHO);
    await link.subscribe(`${base}changes`, apply);
    await link.subscribe(channel, (message) => {
      if (message.equals(ECHO)) check.heard();
      else apply(message);
    });
    this.#link = link;
    check.start();
    const topics = new PresenceTopicSync(this.#topics, link, base);
    try {
      while (link.isWanted) {
        await this.#syncWithData(link, base, topics, reporter);
        await link.wait(this.#interval);
      }
    } finally {
      this.#link = undefined;
      check.stop();
    }
  }

  /** Returns the last sign of life of an identity, in milliseconds since the Unix epoch; null if it is not known. */
  async lastSeen(id: string): Promise<number | null> {
    if (!this.#link)
      throw new Error('Redis cannot be reached, so lastSeen() has no answer: call it again later.');
    const at = await this.#link.send('ZSCORE', this.#seenKey, JSON.stringify(id));
    return at === null ? null : Number(at);
  }

  /**
   * Returns the start of the names of keys and channels. It contains the id of the Redis process, because a restarted
   * process may load old data from disk.
   */
  async #keyBase(link: RedisLink): Promise<string> {
    const info = String(await link.send('INFO', 'server'));
    const [, process = ''] = /run_id:(\w+)/.exec(info) ?? [];
    return `${this.#start}${process}:`;
  }

  /** Reports connections, renews leases and sweeps, until this server stops or the data in Redis is lost. */
  async #syncWithData(
    link: RedisLink,
    base: string,
    topics: PresenceTopicSync,
    reporter: RedisReporter,
  ): Promise<void> {
    const run = this.#scriptRunner(link, base);
    if (!(await this.#restore(run, topics, link.restorePeriod))) return;
    this.#startAgain(topics);
    let renewAt = performance.now() + this.#options.lease / 3;
    // The place in the list of online identities, which comes in parts, between other work; null when it is complete.
    let cursor: string | null = '0';
    for (;;) {
      if (performance.now() >= renewAt) {
        renewAt = performance.now() + this.#options.lease / 3;
        this.#connections.reportAllAgain();
        if (await this.#hasMissedChanges(link, base)) {
          this.#view.startList();
          cursor = '0';
        }
      }
      if (!(await this.#report(run)) || !(await topics.report(run)) || !link.isWanted) return;
      if (cursor !== null) {
        const next = (await run('publishPart', [cursor])) as string | null;
        if (next === null) return;
        cursor = next === '0' ? null : next;
      }
      if (!(await topics.follow(run))) return;
      const swept = await run('sweep');
      if (swept === null) return;
      if (cursor !== null) continue;
      reporter.recovered();
      const hasWork = this.#connections.hasUnreported || topics.hasWork || swept === BATCH;
      if (!hasWork) await link.wait(this.#interval);
    }
  }

  /** Lets all be reported, and read, again. */
  #startAgain(topics: PresenceTopicSync): void {
    this.#differs = 0;
    this.#connections.sendDataAgain();
    this.#connections.reportAllAgain();
    this.#view.startList();
    topics.startAgain();
  }

  /**
   * Whether the list must be read again. Redis counts the online identities, and `:whole`, in order with all changes, so
   * another count than here means that an entry was lost. The second time, every server has reported its connections since.
   */
  async #hasMissedChanges(link: RedisLink, base: string): Promise<boolean> {
    const count = await link.send('ZCARD', `${base}online`);
    const isSame = this.#view.size === undefined || this.#view.size + 1 === count;
    this.#differs = isSame ? 0 : this.#differs + 1;
    if (this.#differs < 2) return false;
    this.#differs = 0;
    return true;
  }

  #scriptRunner(link: RedisLink, base: string): RunScript {
    const token = randomUUID();
    const keys = ['3', base, this.#seenKey, `${this.#start}base`];
    return (script, values = []) => {
      const args = [this.#server, token, `${this.#options.lease}`, String(this.#claimed)];
      return link.send('EVAL', SCRIPTS[script], ...keys, ...args, ...values);
    };
  }

  /**
   * Claims the right to write for this link. If the data in Redis was lost, restores which identities were online, and in
   * topics. Returns false if the data was lost again during that.
   */
  async #restore(run: RunScript, topics: PresenceTopicSync, period: number): Promise<boolean> {
    this.#claimed = await run('claim');
    const isNewServer = this.#born === null;
    if (!isNewServer && this.#claimed !== this.#born) {
      const ids = this.#view.list();
      // At least once, since what is in topics may have been kept.
      for (let at = 0; at === 0 || at < ids.length; at += BATCH) {
        const known = ids.slice(at, at + BATCH);
        const values = known.flatMap((id) => [JSON.stringify(id), this.#view.dataOf(id) ?? '']);
        if ((await run('restore', [String(period), ...values])) === null) return false;
      }
      if (!(await topics.restore(run, String(period)))) return false;
    }
    this.#born = this.#claimed;
    return true;
  }

  /** Reports all unreported connections. Returns false if the data in Redis was lost. */
  async #report(run: RunScript): Promise<boolean> {
    while (this.#connections.hasUnreported) {
      const report = this.#connections.nextReport(BATCH);
      if ((await run('report', report.values)) === null) return false;
      report.confirm();
    }
    return true;
  }
}
