import { Feed } from './feed.ts';
import { MAX_TOPICS } from '../limits/topics.ts';
import { unwatchFrame } from './presence-frames.ts';
import { Teller } from './teller.ts';
import type { IsVisible } from './visibility.ts';
import {
  isUpToDate,
  LIST_INTERVAL,
  type Viewer,
  type Viewing,
  type Watch,
  watchOf,
} from './watch.ts';

/** How long changes are collected before they are sent, in milliseconds. Many changes at once so become few frames. */
const COLLECT_PERIOD = 50;

/**
 * How long a frame with changes delays the next round, in milliseconds: at most 10,000 of them are sent in a second, which
 * takes about a tenth of a core. So 5,500 watchers of the same list are told every 0.55 s while it changes.
 */
const PERIOD_PER_FRAME = 0.1;

/** How long to wait for watchers that do not read, or were told so much that they must wait, in milliseconds. */
const RETRY_PERIOD = 250;

/**
 * How many ids are sent in one turn of the event loop: about one megabyte. If n clients connect at once, the number of
 * bytes grows with n²: 5,000 watchers that each get 5,000 UUIDs, of 39 bytes in JSON, get 975 MB. Between two turns, the
 * server can answer pings.
 */
const MAX_IDS_PER_TURN = 25_000;

/**
 * How long the changes of a list that nobody watches any longer are still followed, in milliseconds. To load it again takes 7 ms
 * for 20,000 ids, so that a client that asks and stops again and again would take all the time of the server.
 */
const IDLE_PERIOD = 1_000;

/** Where the lists come from. */
export interface PresenceSource<Client> {
  /** Returns who is online or, with a topic, who is in it; null while this is not known. */
  list(topic: string | undefined): readonly string[] | null;
  /** Returns the public data of an identity, as JSON. */
  dataOf(id: string): string | undefined;
  /** Whether a client is subscribed to a topic. */
  isSubscribed(client: Client, topic: string): boolean;
  /** Whether some client is subscribed to a topic, so that its changes are reported. */
  isFollowed(topic: string): boolean;
  /** Called when the first client watches a topic, and when the last one does no longer. */
  watched(topic: string, isWatched: boolean): void;
}

/**
 * The clients that watch presence: of everybody, or of topics. A new watcher gets the list, and from then on the changes, in
 * rounds. Only what somebody watches takes memory and time.
 */
export class Watchers<Client extends Viewer<Client>> {
  readonly #source: PresenceSource<Client>;
  readonly #isVisible: IsVisible<Client> | undefined;
  readonly #teller: Teller<Client>;
  /** What is watched, by topic. */
  readonly #feeds = new Map<string | undefined, Feed<Watch<Client>>>();
  /** The feeds with something to tell in the next round. */
  readonly #changed = new Set<Feed<Watch<Client>>>();
  /** The feeds with watchers that must wait. */
  readonly #waiting = new Set<Feed<Watch<Client>>>();
  #round: Iterator<number, void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerEnds = Infinity;
  /** When the next round may begin. */
  #nextRoundAt = 0;

  constructor(source: PresenceSource<Client>, isVisible?: IsVisible<Client>) {
    this.#source = source;
    this.#isVisible = isVisible;
    this.#teller = new Teller(isVisible);
  }

  /** A client asks for presence: of everybody, or of a topic as soon as it is subscribed to it. */
  watch(client: Client, topic?: string): void {
    client.viewing ??= { everybody: null, topics: null, changesUntil: 0, listsUntil: 0 };
    const watch = watchOf(client.viewing, topic) ?? addWatch(client, client.viewing, topic);
    if (!watch) return;
    watch.isWanted = true;
    if (topic === undefined || this.#source.isSubscribed(client, topic)) this.#start(watch, topic);
  }

  /** A client asks for it no longer. */
  unwatch(client: Client, topic?: string): void {
    const watch = watchOf(client.viewing, topic);
    if (!watch) return;
    watch.isWanted = false;
    this.#stop(watch);
  }

  /** A client is subscribed to a topic from now on. */
  subscribed(client: Client, topic: string): void {
    const watch = watchOf(client.viewing, topic);
    if (watch?.isWanted) this.#start(watch, topic);
  }

  /** A subscription has ended, and so has the watch of the topic, until the client is subscribed again. */
  unsubscribed(client: Client, topic: string): void {
    const watch = watchOf(client.viewing, topic);
    if (watch) {
      if (watch.feed) client.sendFrame(unwatchFrame(topic));
      this.#stop(watch);
      if (!watch.isWanted) client.viewing?.topics?.delete(topic);
    }
    const feed = this.#feeds.get(topic);
    if (feed && !this.#isFollowed(feed)) this.#drop(feed);
  }

  /** A client is gone. */
  remove(client: Client): void {
    if (!client.viewing) return;
    const { everybody, topics } = client.viewing;
    if (everybody) this.#stop(everybody);
    for (const watch of topics?.values() ?? []) this.#stop(watch);
    client.viewing = null;
  }

  /** An identity came online or went offline or, with a topic, came into it or left it. */
  addChange(id: string, isOnline: boolean, topic?: string): void {
    const feed = this.#feeds.get(topic);
    if (!feed?.isKnown) return;
    const isWatched = feed.watches.size > 0;
    if (!isWatched && performance.now() >= feed.idleSince + IDLE_PERIOD) return this.#drop(feed);
    const data = isOnline ? this.#source.dataOf(id) : undefined;
    if (feed.change(id, isOnline, data) && isWatched) this.#hasChanged(feed);
  }

  /** The public data of an identity has changed. */
  renew(id: string): void {
    for (const feed of this.#feeds.values()) if (feed.has(id)) this.addChange(id, true, feed.topic);
  }

  /** The list of a topic has become known. */
  known(topic: string): void {
    const feed = this.#feeds.get(topic);
    if (feed && !feed.isKnown) this.#load(feed);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(watch: Watch<Client>, topic: string | undefined): void {
    watch.isListDue = true;
    if (!watch.feed) {
      const feed = this.#feeds.get(topic) ?? this.#addFeed(topic);
      watch.feed = feed;
      watch.row = this.#isVisible ? feed.shown.add() : -1;
      watch.next = null;
      feed.watches.add(watch);
    }
    if (watch.feed.isKnown) this.#hasChanged(watch.feed);
    else this.#load(watch.feed);
  }

  #addFeed(topic: string | undefined): Feed<Watch<Client>> {
    const feed = new Feed<Watch<Client>>(topic);
    this.#feeds.set(topic, feed);
    if (topic !== undefined) this.#source.watched(topic, true);
    return feed;
  }

  #stop(watch: Watch<Client>): void {
    const { feed, row } = watch;
    if (!feed) return;
    watch.feed = null;
    watch.row = -1;
    feed.watches.delete(watch);
    if (row >= 0) feed.shown.remove(row);
    if (feed.watches.size > 0) return;
    if (feed.isKnown && this.#isFollowed(feed)) feed.idleSince = performance.now();
    else this.#drop(feed);
  }

  /** Whether the changes of a feed are reported, so that it stays right. */
  #isFollowed({ topic }: Feed<Watch<Client>>): boolean {
    return topic === undefined || this.#source.isFollowed(topic);
  }

  #drop(feed: Feed<Watch<Client>>): void {
    this.#feeds.delete(feed.topic);
    this.#changed.delete(feed);
    this.#waiting.delete(feed);
    if (feed.topic !== undefined) this.#source.watched(feed.topic, false);
  }

  #load(feed: Feed<Watch<Client>>): void {
    const ids = this.#source.list(feed.topic);
    if (!ids) return;
    feed.load(ids, (id) => this.#source.dataOf(id));
    this.#hasChanged(feed);
  }

  #hasChanged(feed: Feed<Watch<Client>>): void {
    this.#changed.add(feed);
    this.#scheduleRound(COLLECT_PERIOD);
  }

  /** Lets the next round be after so many milliseconds, or later if the last one was large. */
  #scheduleRound(ms: number): void {
    this.#schedule(Math.max(ms, this.#nextRoundAt - performance.now()));
  }

  /** Lets the next turn be at the latest after so many milliseconds. */
  #schedule(ms: number): void {
    const end = performance.now() + ms;
    if (this.#timer && this.#timerEnds <= end) return;
    clearTimeout(this.#timer);
    this.#timerEnds = end;
    this.#timer = setTimeout(() => this.#takeTurn(), ms);
  }

  /** Starts or continues a round, for one turn of the event loop. */
  #takeTurn(): void {
    this.#timer = undefined;
    this.#round ??= this.#tellAll();
    for (let cost = 0; cost < MAX_IDS_PER_TURN;) {
      const { done, value } = this.#round.next();
      if (done) return this.#endRound();
      cost += value;
    }
    this.#schedule(0);
  }

  #endRound(): void {
    this.#round = undefined;
    this.#nextRoundAt = performance.now() + this.#teller.frames * PERIOD_PER_FRAME;
    this.#teller.frames = 0;
    for (const feed of this.#changed) this.#hasChanged(feed);
    if (this.#waiting.size > 0) this.#scheduleRound(RETRY_PERIOD);
  }

  /** Tells all watchers of feeds with changes. Yields what each frame has cost, in ids. */
  *#tellAll(): Generator<number, void> {
    const feeds = new Set([...this.#changed, ...this.#waiting]);
    this.#changed.clear();
    this.#waiting.clear();
    for (const feed of feeds) {
      let isUp = true;
      for (const watch of feed.watches) {
        if (isUpToDate(watch)) continue;
        yield* this.#teller.tell(watch);
        isUp &&= isUpToDate(watch);
      }
      if (!isUp && feed.watches.size > 0) this.#waiting.add(feed);
      else if (!this.#changed.has(feed)) feed.forgetChanges();
    }
  }
}

/** Adds a watch that has not begun yet. Returns null if the client watches too many topics. */
function addWatch<Client>(
  client: Client,
  viewing: Viewing<Client>,
  topic: string | undefined,
): Watch<Client> | null {
  const watch: Watch<Client> = {
    client,
    isWanted: true,
    feed: null,
    row: -1,
    position: 0,
    next: null,
    isListDue: false,
    isAnswer: false,
    listedAt: -LIST_INTERVAL,
  };
  if (topic === undefined) return (viewing.everybody = watch);
  const topics = (viewing.topics ??= new Map());
  if (topics.size >= MAX_TOPICS) {
    for (const [other, { isWanted }] of topics) if (!isWanted) topics.delete(other);
    if (topics.size >= MAX_TOPICS) return null;
  }
  topics.set(topic, watch);
  return watch;
}
