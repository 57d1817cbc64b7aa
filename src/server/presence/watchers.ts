import { LIFELINE, writeWord } from '../../core/protocol/words.ts';

/** How long changes are gathered before they are told, in milliseconds: a herd of n costs each watcher some frames, not n. */
const GATHER = 50;

/**
 * How many ids are told in one turn of the event loop: about a megabyte. The frames of a herd are few, but their bytes are
 * n²: 5,000 who are told of 5,000 UUIDs, each of 39 bytes in JSON, get 975 MB. Between two slices pongs get through.
 */
const SLICE = 25_000;

/** Who can be told: a client, as far as its presence goes. */
interface Viewer {
  readonly id: string;
  send(frame: string): void;
}

/** The clients that want to know who is online. */
export class Watchers<Client extends Viewer> {
  readonly #list: () => string[];
  readonly #visible: ((viewer: Client, id: string) => boolean) | undefined;
  /** Those who have yet to be told who is online. */
  readonly #newcomers = new Set<Client>();
  /**
   * Those who hear of changes, and whom they were told of where there is `visible`: else one that it has shown, and
   * hides when he goes, would stay with them for ever.
   */
  readonly #watching = new Map<Client, Set<string>>();
  /** What has changed since the watching were told; true for online. */
  readonly #changes = new Map<string, boolean>();
  #round: Iterator<number, void> | undefined;
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

  /** Does a slice of a round. What happens during a round is told in the next one. */
  #tell(): void {
    this.#round ??= this.#tellAll();
    for (let told = 0; told < SLICE;) {
      const { done, value } = this.#round.next();
      if (done) {
        this.#round = undefined;
        this.#timer = undefined;
        if (this.#newcomers.size + this.#changes.size > 0) this.#schedule();
        return;
      }
      told += value;
    }
    this.#timer = setTimeout(() => this.#tell(), 0);
  }

  /** Tells those who watch what has changed, and newcomers who is online. Yields how many ids it went through. */
  *#tellAll(): Generator<number, void> {
    const changed = (online: boolean) =>
      [...this.#changes].flatMap(([id, isOnline]) => (isOnline === online ? [id] : []));
    const [came, gone] = [changed(true), changed(false)];
    const [watching, newcomers] = [[...this.#watching.keys()], [...this.#newcomers]];
    const all = newcomers.length > 0 ? this.#list() : [];
    this.#changes.clear();
    this.#newcomers.clear();
    for (const client of newcomers) this.#watching.set(client, new Set());
    // To write a list takes longer than to send it: what is the same for all is written once.
    const online = writeWord({ lifeline: 'online', ids: came });
    const offline = writeWord({ lifeline: 'offline', ids: gone });
    const everybody = JSON.stringify(all);

    if (came.length + gone.length > 0)
      for (const client of watching) {
        const told = this.#watching.get(client);
        if (!told) continue; // It has left meanwhile, or asked anew.
        const [seen, missed] = [this.#show(client, told, came), this.#hide(told, gone)];
        if (seen.length > 0)
          client.send(seen === came ? online : writeWord({ lifeline: 'online', ids: seen }));
        if (missed.length > 0)
          client.send(missed === gone ? offline : writeWord({ lifeline: 'offline', ids: missed }));
        yield came.length + gone.length;
      }
    for (const client of newcomers) {
      const told = this.#watching.get(client);
      if (!told) continue;
      const seen = this.#show(client, told, all);
      const list = seen === all ? everybody : JSON.stringify(seen);
      client.send(`${LIFELINE}"presence","id":${JSON.stringify(client.id)},"online":${list}}`);
      yield all.length + 1;
    }
  }

  #show(client: Client, told: Set<string>, ids: readonly string[]): readonly string[] {
    const visible = this.#visible;
    return visible ? ids.filter((id) => visible(client, id) && told.add(id)) : ids;
  }

  #hide(told: Set<string>, ids: readonly string[]): readonly string[] {
    return this.#visible ? ids.filter((id) => told.delete(id)) : ids;
  }
}
