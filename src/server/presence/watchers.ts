import { LIFELINE, writeLifelineFrame } from '../../core/protocol/frames.ts';
import type { IsVisible } from './visibility.ts';

/** How long changes are collected before they are sent, in milliseconds. Many changes at once so become few frames. */
const COLLECT_PERIOD = 50;

/**
 * How many ids are sent in one turn of the event loop: about one megabyte. If n clients connect at once, the number of
 * bytes grows with n²: 5,000 watchers that each get 5,000 UUIDs, of 39 bytes in JSON, get 975 MB. Between two turns, the
 * server can answer pings.
 */
const MAX_IDS_PER_TURN = 25_000;

/** The fields of a client that presence uses. */
interface Viewer {
  readonly id: string;
  sendFrame(frame: string): void;
}

/** A list of ids, and the frame that reports all of them. Watchers without hidden ids share it. */
interface SharedFrame {
  readonly ids: readonly string[];
  readonly frame: string;
}

/**
 * The clients that watch presence. A new watcher gets the list of all online ids, and from then on the changes. They are
 * sent in rounds: a change that happens during a round is sent in the next one.
 */
export class Watchers<Client extends Viewer> {
  readonly #list: () => string[];
  readonly #isVisible: IsVisible<Client> | undefined;
  /** The new watchers, which have not got the list yet. */
  readonly #newcomers = new Set<Client>();
  /**
   * The watchers that get changes, each with the ids that were shown to it. The ids are kept only with the `visible`
   * option: a watcher must hear that a shown id went offline, even if `visible` would hide that id by then.
   */
  readonly #watching = new Map<Client, Set<string>>();
  /** The changes since the last round: true for an id that came online, false for one that went offline. */
  readonly #changes = new Map<string, boolean>();
  #round: Iterator<number, void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(list: () => string[], isVisible?: IsVisible<Client>) {
    this.#list = list;
    this.#isVisible = isVisible;
  }

  watch(client: Client): void {
    this.#watching.delete(client);
    this.#newcomers.add(client);
    this.#scheduleRound();
  }

  unwatch(client: Client): void {
    this.#watching.delete(client);
    this.#newcomers.delete(client);
  }

  /** Adds a change for the next round: an identity came online or went offline. */
  addChange(id: string, isOnline: boolean): void {
    if (this.#watching.size === 0) return;
    // Two opposite changes cancel each other.
    if (this.#changes.get(id) === !isOnline) this.#changes.delete(id);
    else this.#changes.set(id, isOnline);
    this.#scheduleRound();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #scheduleRound(): void {
    this.#timer ??= setTimeout(() => this.#continueRound(), COLLECT_PERIOD);
  }

  /** Starts or continues a round, for one turn of the event loop. */
  #continueRound(): void {
    this.#round ??= this.#sendRound();
    for (let sent = 0; sent < MAX_IDS_PER_TURN;) {
      const { done, value } = this.#round.next();
      if (done) {
        this.#round = undefined;
        this.#timer = undefined;
        if (this.#newcomers.size + this.#changes.size > 0) this.#scheduleRound();
        return;
      }
      sent += value;
    }
    this.#timer = setTimeout(() => this.#continueRound(), 0);
  }

  /** Sends the changes to the watchers, and the list to the new ones. Yields after each client the number of its ids. */
  *#sendRound(): Generator<number, void> {
    const cameOnline = this.#changedTo(true);
    const wentOffline = this.#changedTo(false);
    const watching = [...this.#watching.keys()];
    const newcomers = [...this.#newcomers];
    const all = newcomers.length > 0 ? this.#list() : [];
    this.#changes.clear();
    this.#newcomers.clear();
    for (const client of newcomers) this.#watching.set(client, new Set());
    if (cameOnline.length + wentOffline.length > 0)
      yield* this.#sendChanges(watching, cameOnline, wentOffline);
    yield* this.#sendList(newcomers, all);
  }

  #changedTo(isOnline: boolean): string[] {
    return [...this.#changes].flatMap(([id, change]) => (change === isOnline ? [id] : []));
  }

  *#sendChanges(
    clients: readonly Client[],
    cameOnline: readonly string[],
    wentOffline: readonly string[],
  ): Generator<number, void> {
    // JSON takes longer than sending, so the frames that most watchers share are made once.
    const online = sharedFrame('online', cameOnline);
    const offline = sharedFrame('offline', wentOffline);
    for (const client of clients) {
      const shown = this.#watching.get(client);
      if (!shown) continue; // It stopped watching during the round, or started again.
      sendIds(client, 'online', this.#show(client, shown, cameOnline), online);
      sendIds(client, 'offline', this.#hide(shown, wentOffline), offline);
      yield cameOnline.length + wentOffline.length;
    }
  }

  *#sendList(clients: readonly Client[], all: readonly string[]): Generator<number, void> {
    const sharedList = JSON.stringify(all);
    for (const client of clients) {
      const shown = this.#watching.get(client);
      if (!shown) continue;
      const ids = this.#show(client, shown, all);
      const list = ids === all ? sharedList : JSON.stringify(ids);
      client.sendFrame(`${LIFELINE}"presence","id":${JSON.stringify(client.id)},"online":${list}}`);
      yield all.length + 1;
    }
  }

  /** Returns the ids that the client may see, and marks them as shown. Without `visible`, returns the same array. */
  #show(client: Client, shown: Set<string>, ids: readonly string[]): readonly string[] {
    const isVisible = this.#isVisible;
    return isVisible ? ids.filter((id) => isVisible(client, id) && shown.add(id)) : ids;
  }

  /** Returns the ids that were shown to the client, and forgets them. Without `visible`, returns the same array. */
  #hide(shown: Set<string>, ids: readonly string[]): readonly string[] {
    return this.#isVisible ? ids.filter((id) => shown.delete(id)) : ids;
  }
}

function sharedFrame(lifeline: 'online' | 'offline', ids: readonly string[]): SharedFrame {
  return { ids, frame: writeLifelineFrame({ lifeline, ids }) };
}

function sendIds(
  client: Viewer,
  lifeline: 'online' | 'offline',
  ids: readonly string[],
  shared: SharedFrame,
): void {
  if (ids.length === 0) return;
  client.sendFrame(ids === shared.ids ? shared.frame : writeLifelineFrame({ lifeline, ids }));
}
