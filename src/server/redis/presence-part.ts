import type { PresenceListener } from '../presence/store.ts';
import type { Part } from './cluster.ts';
import { LocalConnections } from './local-connections.ts';
import { OnlineView } from './online-view.ts';
import { PresenceSync } from './presence-sync.ts';
import { PresenceTopics } from './presence-topics.ts';
import { Reconnector } from './reconnector.ts';
import { RedisReporter } from './reporter.ts';

const MEANWHILE =
  'The list of online identities does not change until Redis is back, and is updated then.';

/** The presence that is in one part of Redis: of identities, of topics, or of both. */
export class PresencePart {
  readonly connections: LocalConnections;
  readonly view: OnlineView = new OnlineView();
  readonly topics: PresenceTopics;
  readonly #part: Part;
  readonly #sync: PresenceSync;
  #reconnector: Reconnector | undefined;

  /** @param periods - The options of the same names, in milliseconds. */
  constructor(part: Part, { grace, lease }: { readonly grace: number; readonly lease: number }) {
    this.connections = new LocalConnections(grace);
    this.topics = new PresenceTopics(grace, () => this.wake());
    this.#part = part;
    this.#sync = new PresenceSync({ ...part, lease }, this.connections, this.view, this.topics);
  }

  /**
   * Starts to report to Redis, and to hear from it. Does nothing if it was called before.
   *
   * @param outages - Those of all parts of the store.
   */
  start(listener: PresenceListener, outages: Map<RedisReporter, boolean>): void {
    if (this.#reconnector) return;
    const reporter = new RedisReporter((error) => listener.error(error), MEANWHILE, outages);
    const { client } = this.#part;
    this.#reconnector = new Reconnector(
      client,
      (link) => this.#sync.run(link, listener, reporter),
      reporter,
    );
    this.#reconnector.start();
  }

  /** Called when there is something to report. */
  wake(): void {
    this.#reconnector?.wake();
  }

  lastSeen(id: string): Promise<number | null> {
    return this.#sync.lastSeen(id);
  }

  async stop(): Promise<void> {
    this.connections.leaveAll();
    this.topics.members.leaveAll();
    await this.#reconnector?.stop();
  }
}
