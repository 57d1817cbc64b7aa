import { LIFELINE, writeLifelineFrame } from '../../core/protocol/frames.ts';
import type { IsVisible } from './visibility.ts';

/** How long changes are collected before they are sent, in milliseconds: n joins at once cost a watcher some frames, not n. */
const COLLECT_PERIOD = 50;

/**
 * How many ids are sent in one turn of the event loop: about a megabyte. When n clients come at once, their frames are few,
 * but the bytes grow with n²: 5,000 watchers who get 5,000 UUIDs each, of 39 bytes in JSON, get 975 MB. Pongs get through
 * between two turns.
 */
const MAX_IDS_PER_TURN = 25_000;

/** A client, as far as presence needs it. */
interface Viewer {
  readonly id: string;
  send(frame: string): void;
}

/** Ids, and the frame that tells a watcher of all of them. */
interface SharedFrame {
  readonly ids: readonly string[];
  readonly frame: string;
}

/**
 * The clients that want to know who is online. A client that begins to watch gets the list of all who are online, and
 * from then on the changes. They are sent in rounds; what happens during a round is sent in the next one.
 */
export class Watchers<Client extends Viewer> {
  readonly #list: () => string[];
  readonly #isVisible: IsVisible<Client> | undefined;
  /** Those who have yet to get the list. */
  readonly #newcomers = new Set<Client>();
  /**
   * Those who get changes, each with the ids that it was shown. Where there is a rule of visibility these are remembered,
   * so that each of them gets its offline message, though the rule may hide it by then.
   */
  readonly #watching = new Map<Client, Set<string>>();
  /** What has changed since the last round; true for online. */
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

  /** An identity came online or went offline. */
  noteChange(id: string, isOnline: boolean): void {
    if (this.#watching.size === 0) return;
    // There and back again is no change.
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

  /** Begins a round, or goes on with it, for one turn of the event loop. */
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

  /** Sends the changes to those who watch, and the list to newcomers. Yields after each client how many ids it went through. */
  *#sendRound(): Generator<number, void> {
    const came = this.#changedTo(true);
    const gone = this.#changedTo(false);
    const watching = [...this.#watching.keys()];
    const newcomers = [...this.#newcomers];
    const all = newcomers.length > 0 ? this.#list() : [];
    this.#changes.clear();
    this.#newcomers.clear();
    for (const client of newcomers) this.#watching.set(client, new Set());
    if (came.length + gone.length > 0) yield* this.#sendChanges(watching, came, gone);
    yield* this.#sendList(newcomers, all);
  }

  #changedTo(isOnline: boolean): string[] {
    return [...this.#changes].flatMap(([id, change]) => (change === isOnline ? [id] : []));
  }

  *#sendChanges(
    clients: readonly Client[],
    came: readonly string[],
    gone: readonly string[],
  ): Generator<number, void> {
    // JSON takes longer than sending: what is the same for all is written once.
    const online = { ids: came, frame: writeLifelineFrame({ lifeline: 'online', ids: came }) };
    const offline = { ids: gone, frame: writeLifelineFrame({ lifeline: 'offline', ids: gone }) };
    for (const client of clients) {
      const shown = this.#watching.get(client);
      if (!shown) continue; // It has left since the round began, or is a newcomer again.
      sendIds(client, 'online', this.#show(client, shown, came), online);
      sendIds(client, 'offline', this.#hide(shown, gone), offline);
      yield came.length + gone.length;
    }
  }

  *#sendList(clients: readonly Client[], all: readonly string[]): Generator<number, void> {
    const sharedList = JSON.stringify(all);
    for (const client of clients) {
      const shown = this.#watching.get(client);
      if (!shown) continue;
      const ids = this.#show(client, shown, all);
      const list = ids === all ? sharedList : JSON.stringify(ids);
      client.send(`${LIFELINE}"presence","id":${JSON.stringify(client.id)},"online":${list}}`);
      yield all.length + 1;
    }
  }

  /** Those of the ids that the client may see, remembered as shown; without a rule the same array. */
  #show(client: Client, shown: Set<string>, ids: readonly string[]): readonly string[] {
    const isVisible = this.#isVisible;
    return isVisible ? ids.filter((id) => isVisible(client, id) && shown.add(id)) : ids;
  }

  /** Those of the ids that the client was shown, now forgotten; without a rule the same array. */
  #hide(shown: Set<string>, ids: readonly string[]): readonly string[] {
    return this.#isVisible ? ids.filter((id) => shown.delete(id)) : ids;
  }
}

function sendIds(
  client: Viewer,
  lifeline: 'online' | 'offline',
  ids: readonly string[],
  shared: SharedFrame,
): void {
  if (ids.length === 0) return;
  client.send(ids === shared.ids ? shared.frame : writeLifelineFrame({ lifeline, ids }));
}
