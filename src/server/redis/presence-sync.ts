import type { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { PresenceListener } from '../presence/store.ts';
import type { RedisLink } from './link.ts';
import type { LocalConnections } from './local-connections.ts';
import type { OnlineView } from './online-view.ts';
import type { RedisReporter } from './reporter.ts';
import { BATCH, type Script, SCRIPTS } from './scripts.ts';

/** How often a server looks for those who are due to go offline, in milliseconds, unless its leases are short. */
const SWEEP_INTERVAL = 500;

interface SyncOptions {
  readonly prefix: string;
  /** In milliseconds. */
  readonly lease: number;
}

/** Runs a script; null where the data in Redis began anew, so that the script did nothing. */
type RunScript = (script: Script, values?: readonly string[]) => Promise<unknown>;

/** Tells Redis of the connections of this server, and learns from it who is online. */
export class PresenceSync {
  readonly #options: SyncOptions;
  readonly #connections: LocalConnections;
  readonly #view: OnlineView;
  readonly #server: string = randomUUID();
  readonly #seenKey: string;
  readonly #interval: number;
  /** When the data in Redis began that this server has seen last. */
  #born: unknown = null;
  #link: RedisLink | undefined;

  constructor(options: SyncOptions, connections: LocalConnections, view: OnlineView) {
    this.#options = options;
    this.#connections = connections;
    this.#view = view;
    this.#seenKey = `${options.prefix}seen`;
    this.#interval = Math.min(SWEEP_INTERVAL, options.lease / 30);
  }

  /** The work on one link, until this server stops. */
  async run(link: RedisLink, listener: PresenceListener, reporter: RedisReporter): Promise<void> {
    const base = await this.#keyBase(link);
    const learn = (message: Buffer) => this.#view.apply(message, listener);
    await link.subscribe(`${base}changes`, learn);
    await link.subscribe(`${base}server:${this.#server}`, learn);
    this.#link = link;
    try {
      while (link.isWanted) {
        await this.#syncWithData(link, base, reporter);
        await link.wait(this.#interval);
      }
    } finally {
      this.#link = undefined;
    }
  }

  /** When the identity was seen last, in epoch milliseconds; null if it is not remembered. */
  async lastSeen(id: string): Promise<number | null> {
    if (!this.#link)
      throw new Error(
        'Redis is away, so that nobody knows who was last seen when: ask again later.',
      );
    const at = await this.#link.send('ZSCORE', this.#seenKey, JSON.stringify(id));
    return at === null ? null : Number(at);
  }

  /** What keys and channels begin with: each process of Redis has its own, since what a restarted one reads from disk is old. */
  async #keyBase(link: RedisLink): Promise<string> {
    const info = String(await link.send('INFO', 'server'));
    const [, process = ''] = /run_id:(\w+)/.exec(info) ?? [];
    return `${this.#options.prefix}${process}:`;
  }

  /** Reports, renews and sweeps until this server stops, or until the data in Redis began anew. */
  async #syncWithData(link: RedisLink, base: string, reporter: RedisReporter): Promise<void> {
    const run = this.#scriptRunner(link, base);
    if (!(await this.#restore(run))) return;
    let renewAt = 0;
    let hasList = false;
    for (;;) {
      if (performance.now() >= renewAt) {
        renewAt = performance.now() + this.#options.lease / 3;
        this.#connections.reportAllAgain();
      }
      if (!(await this.#report(run)) || !link.isWanted) return;
      if (!hasList) {
        if ((await run('publishAll')) === null) return;
        hasList = true;
        reporter.recovered();
      }
      const swept = await run('sweep');
      if (swept === null) return;
      if (!this.#connections.hasUnreported && swept !== BATCH) await link.wait(this.#interval);
    }
  }

  #scriptRunner(link: RedisLink, base: string): RunScript {
    const token = randomUUID();
    const keys = ['2', base, this.#seenKey];
    const args = [this.#server, token, `${this.#options.lease}`];
    return (script, values = []) => link.send('EVAL', SCRIPTS[script], ...keys, ...args, ...values);
  }

  /** Takes the right to speak, and puts back who was online if the data are new. False where they began anew meanwhile. */
  async #restore(run: RunScript): Promise<boolean> {
    const born = await run('claim');
    const isNewServer = this.#born === null;
    if (!isNewServer && born !== this.#born) {
      const ids = this.#view.list().map((id) => JSON.stringify(id));
      for (let at = 0; at < ids.length; at += BATCH)
        if ((await run('restore', ids.slice(at, at + BATCH))) === null) return false;
    }
    this.#born = born;
    return true;
  }

  /** Reports all that there is to report. False where the data in Redis began anew. */
  async #report(run: RunScript): Promise<boolean> {
    while (this.#connections.hasUnreported) {
      const report = this.#connections.nextReport(BATCH);
      if ((await run('report', report.values)) === null) return false;
      report.confirm();
    }
    return true;
  }
}
