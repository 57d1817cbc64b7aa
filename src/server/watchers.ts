import { writeWord } from '../core/protocol.ts';

/** How long changes are gathered before they are told, in milliseconds: a herd of n costs n frames, not n². */
const GATHER = 50;

/** Who can be told: a client, as far as its presence goes. */
interface Viewer {
  readonly id: string;
  send(frame: string): void;
}

/** The clients that want to know who is online. */
export class Watchers<Client extends Viewer> {
  readonly #list: () => string[];
  readonly #visible: ((viewer: Client, id: string) => boolean) | undefined;
  /** Those who have yet to be told who is online, and those who have been and hear of changes. */
  readonly #newcomers = new Set<Client>();
  readonly #watching = new Set<Client>();
  /** What has changed since the watching were told; true for online. */
  readonly #changes = new Map<string, boolean>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(list: () => string[], visible?: (viewer: Client, id: string) => boolean) {
    this.#list = list;
    this.#visible = visible;
  }

  watch(client: Client): void {
    this.#watching.delete(client);
    this.#newcomers.add(client);
    this.#schedule();
  }

  unwatch(client: Client): void {
    this.#watching.delete(client);
    this.#newcomers.delete(client);
  }

  /** Notes that an identity came online or went offline. */
  changed(id: string, online: boolean): void {
    if (this.#watching.size === 0) return;
    // There and back again is no change.
    if (this.#changes.get(id) === !online) this.#changes.delete(id);
    else this.#changes.set(id, online);
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#tell(), GATHER);
  }

  #tell(): void {
    this.#timer = undefined;
    const changed = (online: boolean) =>
      [...this.#changes].flatMap(([id, isOnline]) => (isOnline === online ? [id] : []));
    this.#tellChanges('online', changed(true));
    this.#tellChanges('offline', changed(false));
    this.#changes.clear();

    const all = this.#newcomers.size > 0 ? this.#list() : [];
    for (const client of this.#newcomers) {
      const online = this.#visibleTo(client, all);
      client.send(writeWord({ lifeline: 'presence', id: client.id, online }));
      this.#watching.add(client);
    }
    this.#newcomers.clear();
  }

  #tellChanges(lifeline: 'online' | 'offline', ids: readonly string[]): void {
    if (ids.length === 0) return;
    const shared = writeWord({ lifeline, ids });
    for (const client of this.#watching) {
      const seen = this.#visibleTo(client, ids);
      if (seen === ids) client.send(shared);
      else if (seen.length > 0) client.send(writeWord({ lifeline, ids: seen }));
    }
  }

  #visibleTo(client: Client, ids: readonly string[]): readonly string[] {
    const visible = this.#visible;
    return visible ? ids.filter((id) => visible(client, id)) : ids;
  }
}
