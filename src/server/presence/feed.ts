import { restOf, type Shown } from './presence-frames.ts';
import { ShownRows } from './shown-rows.ts';

/** An identity that is online, or whose change is still in the log. */
export interface Entry extends Shown {
  /** Its place in the list, and in the rows of who was shown to whom. It is used again when the identity is forgotten. */
  readonly number: number;
  isOnline: boolean;
  data: string | undefined;
  /** How many changes of it are in the log. */
  logged: number;
}

/** What an identity was before a change. */
interface Change {
  readonly entry: Entry;
  readonly wasOnline: boolean;
  readonly data: string | undefined;
}

/** All changes since a position, of which opposite ones cancel each other. */
export interface Changes {
  readonly online: readonly Entry[];
  readonly offline: readonly Entry[];
}

/** A part of the list: the end of its frame, and the number at which the next part begins, null after the last one. */
export interface Part {
  readonly rest: string;
  readonly count: number;
  readonly next: number | null;
}

/** How many changes are kept. A watcher that is further behind gets the list again, which needs fewer bytes by then. */
const MAX_LOG = 4_096;

/** How many of the oldest changes are forgotten at once. */
const FORGOTTEN = 1_024;

/** The size of a part of the list, in characters without the frame and quotes: a few milliseconds on most lines. */
const PART_SIZE = 16_384;

/** Who is online or in a topic, as a numbered list with a log of its changes. */
export class Feed<Watch> {
  /** The topic; undefined for everybody who is online. */
  readonly topic: string | undefined;
  /** Its watchers. */
  readonly watches: Set<Watch> = new Set();
  /** Which identities were shown to which watcher. Used only where `visible` may hide some. */
  readonly shown: ShownRows = new ShownRows();
  readonly #entries: (Entry | undefined)[] = [];
  readonly #byId = new Map<string, Entry>();
  readonly #freeNumbers: number[] = [];
  readonly #log: Change[] = [];
  #start = 0;
  readonly #changesSince = new Map<number, Changes>();
  readonly #partsFrom = new Map<number, Part>();
  #isKnown = false;

  constructor(topic: string | undefined) {
    this.topic = topic;
  }

  /** Whether the list is known. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** The position before the oldest change of the log. A watcher that was told less needs the list. */
  get start(): number {
    return this.#start;
  }

  /** The position after the newest change. */
  get end(): number {
    return this.#start + this.#log.length;
  }

  /** How many numbers are in use. */
  get size(): number {
    return this.#entries.length;
  }

  /** Takes over the list of a store. */
  load(ids: readonly string[], dataOf: (id: string) => string | undefined): void {
    this.#isKnown = true;
    for (const id of ids) this.change(id, true, dataOf(id));
  }

  /** Returns whether an identity is in the list. */
  has(id: string): boolean {
    return this.#byId.get(id)?.isOnline ?? false;
  }

  /** Applies a change. Returns false if it changes nothing. */
  change(id: string, isOnline: boolean, data: string | undefined): boolean {
    const known = this.#byId.get(id);
    const wasOnline = known?.isOnline ?? false;
    if (isOnline ? wasOnline && known?.data === data : !wasOnline) return false;
    const entry = known ?? this.#add(id);
    this.#log.push({ entry, wasOnline, data: entry.data });
    entry.logged++;
    entry.isOnline = isOnline;
    entry.data = isOnline ? data : undefined;
    this.#changesSince.clear();
    this.#partsFrom.clear();
    if (this.#log.length > MAX_LOG) this.#forget(FORGOTTEN);
    return true;
  }

  /** Empties the log: every watcher has been told of all changes. */
  forgetChanges(): void {
    this.#forget(this.#log.length);
    this.#partsFrom.clear();
  }

  /** Returns the changes since a position that is in the log. */
  changesSince(position: number): Changes {
    const known = this.#changesSince.get(position);
    if (known) return known;
    const before = new Map<Entry, Change>();
    for (const change of this.#log.slice(position - this.#start))
      if (!before.has(change.entry)) before.set(change.entry, change);
    const changes = {
      online: [...before.values()].flatMap(({ entry, wasOnline, data }) =>
        entry.isOnline && (!wasOnline || data !== entry.data) ? [entry] : [],
      ),
      offline: [...before.values()].flatMap(({ entry, wasOnline }) =>
        wasOnline && !entry.isOnline ? [entry] : [],
      ),
    };
    this.#changesSince.set(position, changes);
    return changes;
  }

  /**
   * Returns the part of the list that begins at a number.
   *
   * @param isShown - Whether the watcher may see an identity; undefined if all may see all, who then share the parts.
   */
  partFrom(number: number, isShown?: (entry: Entry) => boolean): Part {
    const known = isShown ? undefined : this.#partsFrom.get(number);
    if (known) return known;
    const shown: Entry[] = [];
    let size = 0;
    let next = number;
    for (; next < this.#entries.length && size < PART_SIZE; next++) {
      const entry = this.#entries[next];
      if (!entry?.isOnline || isShown?.(entry) === false) continue;
      shown.push(entry);
      size += entry.id.length + (entry.data?.length ?? 0);
    }
    const hasMore = next < this.#entries.length;
    const part = {
      rest: restOf(shown, hasMore),
      count: next - number,
      next: hasMore ? next : null,
    };
    if (!isShown) this.#partsFrom.set(number, part);
    return part;
  }

  #add(id: string): Entry {
    const number = this.#freeNumbers.pop() ?? this.#entries.length;
    const entry = { id, number, isOnline: false, data: undefined, logged: 0 };
    this.#entries[number] = entry;
    this.#byId.set(id, entry);
    return entry;
  }

  /** Forgets the oldest changes, and identities that are offline and in no other change. */
  #forget(count: number): void {
    for (const { entry } of this.#log.splice(0, count)) {
      if (--entry.logged > 0 || entry.isOnline) continue;
      this.#entries[entry.number] = undefined;
      this.#freeNumbers.push(entry.number);
      this.#byId.delete(entry.id);
    }
    this.#start += count;
    this.#changesSince.clear();
  }
}
