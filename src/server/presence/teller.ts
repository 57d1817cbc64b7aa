import type { Entry, Feed } from './feed.ts';
import { offlineFrame, onlineFrame, presenceFrame, restOf } from './presence-frames.ts';
import type { IsVisible } from './visibility.ts';
import {
  BURST,
  CHANGE_RATE,
  LIST_INTERVAL,
  LIST_RATE,
  MAX_WAITING,
  type Viewer,
  type Watch,
} from './watch.ts';

/** What a frame costs besides its ids, in ids: a frame with one id takes about as long as ten ids more in a long one. */
const FRAME_COST = 10;

type FeedOf<Client> = Feed<Watch<Client>>;

/** Tells watchers what they do not know yet, as fast as they read it and their limits allow. */
export class Teller<Client extends Viewer<Client>> {
  /** The number of frames with changes so far. */
  frames = 0;
  readonly #isVisible: IsVisible<Client> | undefined;

  constructor(isVisible: IsVisible<Client> | undefined) {
    this.#isVisible = isVisible;
  }

  /** Tells one watcher. Yields after each frame what it has cost, in ids. */
  *tell(watch: Watch<Client>): Generator<number, void> {
    const { feed } = watch;
    if (!feed?.isKnown) return;
    if (mayStartList(watch, feed)) startList(watch, feed);
    yield* this.#tellList(watch);
    // It may have stopped meanwhile, or watch another feed.
    if (watch.feed === feed && isListed(watch, feed)) yield* this.#tellChanges(watch, feed);
  }

  *#tellList(watch: Watch<Client>): Generator<number, void> {
    const { client } = watch;
    while (watch.feed && watch.next !== null && client.bufferedAmount <= MAX_WAITING) {
      const { feed } = watch;
      // The changes since the list began are not known any longer.
      if (watch.position < feed.start) startList(watch, feed);
      const { topic } = feed;
      const { rest, count, next } = feed.partFrom(watch.next, this.#filter(watch, feed));
      const isFirst = watch.next === 0;
      watch.next = next;
      const frame = isFirst ? presenceFrame(client.id, topic, rest) : onlineFrame(topic, rest);
      send(client, frame, watch.isAnswer ? 'listsUntil' : 'changesUntil');
      yield count + FRAME_COST;
    }
  }

  *#tellChanges(watch: Watch<Client>, feed: FeedOf<Client>): Generator<number, void> {
    const { client } = watch;
    if (watch.position === feed.end || client.bufferedAmount > MAX_WAITING || isAhead(client))
      return;
    const { online, offline } = feed.changesSince(watch.position);
    watch.position = feed.end;
    const isShown = this.#filter(watch, feed);
    const came = isShown ? online.filter(isShown) : online;
    const left = isShown ? offline.filter((entry) => wasShown(watch, feed, entry)) : offline;
    if (came.length > 0) this.#send(client, onlineFrame(feed.topic, restOf(came, false)));
    if (left.length > 0) this.#send(client, offlineFrame(feed.topic, left));
    yield online.length + offline.length + FRAME_COST;
  }

  #send(client: Client, frame: string): void {
    this.frames++;
    send(client, frame, 'changesUntil');
  }

  /** Returns the function that asks whether the watcher may see an identity, and notes those that it sees. */
  #filter({ client, row }: Watch<Client>, feed: FeedOf<Client>) {
    const isVisible = this.#isVisible;
    if (!isVisible) return undefined;
    return ({ id, number }: Entry): boolean => {
      const isShown = isVisible(client, id, feed.topic);
      if (isShown) feed.shown.set(row, number, feed.size);
      return isShown;
    };
  }
}

/** Whether the watcher knows the whole list, and the log has all changes since. */
const isListed = <Client>(watch: Watch<Client>, feed: FeedOf<Client>): boolean =>
  !watch.isListDue && watch.next === null && watch.position >= feed.start;

/** Whether a list is due and may begin now. */
function mayStartList<Client extends Viewer<Client>>(
  watch: Watch<Client>,
  feed: FeedOf<Client>,
): boolean {
  const { client, isListDue, next } = watch;
  if (client.bufferedAmount > MAX_WAITING) return false;
  if (!isListDue) return next === null && watch.position < feed.start && !isAhead(client);
  const now = performance.now();
  return now >= watch.listedAt + LIST_INTERVAL && now >= (client.viewing?.listsUntil ?? 0);
}

function startList<Client>(watch: Watch<Client>, feed: FeedOf<Client>): void {
  if (watch.isListDue) watch.listedAt = Math.floor(performance.now());
  watch.isAnswer = watch.isListDue || (watch.isAnswer && watch.next !== null);
  watch.isListDue = false;
  watch.position = feed.end;
  watch.next = 0;
  if (watch.row >= 0) feed.shown.clear(watch.row);
}

/** Returns whether an identity was shown to the watcher, and forgets it. */
function wasShown<Client>({ row }: Watch<Client>, feed: FeedOf<Client>, { number }: Entry) {
  const isKnown = feed.shown.has(row, number);
  if (isKnown) feed.shown.unset(row, number);
  return isKnown;
}

/** Whether the client was told so much that it must wait. */
const isAhead = <Client extends Viewer<Client>>({ viewing }: Client): boolean =>
  (viewing?.changesUntil ?? 0) - performance.now() > BURST;

/** Sends a frame, and counts its bytes. An id has few characters of more than one byte. */
function send<Client extends Viewer<Client>>(
  client: Client,
  frame: string,
  until: 'changesUntil' | 'listsUntil',
): void {
  client.sendFrame(frame);
  const { viewing } = client;
  const rate = until === 'listsUntil' ? LIST_RATE : CHANGE_RATE;
  if (viewing)
    viewing[until] =
      Math.max(viewing[until], Math.floor(performance.now())) + Math.ceil(frame.length / rate);
}
