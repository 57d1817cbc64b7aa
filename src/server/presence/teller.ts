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
    yield* this.#tellChanges(watch, feed);
  }

  *#tellList(watch: Watch<Client>): Generator<number, void> {
    const { client } = watch;
    while (watch.feed && watch.next !== null && client.bufferedAmount <= MAX_WAITING) {
      const { feed } = watch;
      // The changes since the list began are not known any longer.
      if (watch.position < feed.start) startList(watch, feed);
      const { topic } = feed;
      const number = watch.next;
      const { rest, isEmpty, next } = feed.partFrom(number, this.#filter(watch, feed));
      if (watch.feed !== feed) return; // `visible` has ended the subscription.
      watch.next = next;
      const frame = number === 0 ? presenceFrame(client.id, topic, rest) : onlineFrame(topic, rest);
      // The first part begins the list, and the last one completes it.
      if (!isEmpty || number === 0 || next === null)
        send(client, frame, watch.isAnswer ? 'listsUntil' : 'changesUntil');
      yield (next ?? feed.size) - number + FRAME_COST;
    }
  }

  *#tellChanges(watch: Watch<Client>, feed: FeedOf<Client>): Generator<number, void> {
    const { client } = watch;
    const isShown = this.#filter(watch, feed);
    // While it waits for its turn, it may stop, ask again, or fall too far behind.
    while (watch.feed === feed && isListed(watch, feed) && watch.position < feed.end) {
      if (client.bufferedAmount > MAX_WAITING || isAhead(client)) return;
      const changes = feed.changesSince(watch.position);
      const { online, offline, end } = changes;
      const cost = end - watch.position + FRAME_COST;
      watch.position = end;
      const frames = isShown
        ? changeFrames(
            feed.topic,
            online.filter(isShown),
            offline.filter((entry) => wasShown(watch, feed, entry)),
          )
        : (changes.frames ??= changeFrames(feed.topic, online, offline));
      if (watch.feed !== feed) return; // `visible` has ended the subscription.
      for (const frame of frames) send(client, frame, 'changesUntil');
      this.frames += frames.length;
      yield cost;
    }
  }

  /** Returns the function that asks whether the watcher may see an identity, and notes those that it sees. */
  #filter(watch: Watch<Client>, feed: FeedOf<Client>) {
    const isVisible = this.#isVisible;
    const { client, row } = watch;
    if (!isVisible) return undefined;
    return ({ id, number }: Entry): boolean => {
      const isShown = isVisible(client, id, feed.topic);
      // The row belongs to another watcher when this one has stopped.
      if (isShown && watch.row === row) feed.shown.set(row, number, feed.size);
      return isShown;
    };
  }
}

function changeFrames(
  topic: string | undefined,
  online: readonly Entry[],
  offline: readonly Entry[],
): string[] {
  const frames: string[] = [];
  if (online.length > 0) frames.push(onlineFrame(topic, restOf(online, false)));
  if (offline.length > 0) frames.push(offlineFrame(topic, offline));
  return frames;
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
  const isKnown = row >= 0 && feed.shown.has(row, number);
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
