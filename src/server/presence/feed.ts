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

/** Some changes since a position. Those that are undone by now are left out. */
export interface Changes {
  readonly online: readonly Entry[];
  readonly offline: readonly Entry[];
  /** The position after them. */
  readonly end: number;
  /** The frames for those who may see all; null until the first one is told. JSON takes longer than sending. */
  frames: readonly string[] | null;
}

/** A part of the list. */
export interface Part {
  /** The end of its frame. */
  readonly rest: string;
  readonly isEmpty: boolean;
  /** The number at which the next part begins; null after the last one. */
  readonly next: number | null;
}

/** How many changes are kept: twice the length of the list, within these limits. Who is further behind gets the list again. */
const [MIN_LOG, MAX_LOG] = [256, 4_096];

/** The size of a part of the list, or of changes, in characters without the frame and quotes: 16 KiB for most names. */
const PART_SIZE = 16_384;

/** How many numbers are looked at for a part, of which few may be visible. */
const MAX_LOOKED_AT = 4_096;

/** Who is online or in a topic, as a numbered list with a log of its changes. */
export class Feed<Watch> {
  /** The topic; undefined for everybody who is online. */
  readonly topic: string | undefined;
  /** Its watchers. */
  readonly watches: Set<Watch> = new Set();
  /** Which identities were shown to which watcher. Used only where `visible` may hide some. */
  readonly shown: ShownRows = new ShownRows();
  /** When the last watcher left, in the time of `performance.now()`. */
  idleSince = 0;
  readonly #entries: (Entry | undefined)[] = [];
  readonly #byId = new Map<string, Entry>();
  readonly #freeNumbers: number[] = [];
  readonly #log: Change[] = [];
  #start = 0;
  #online = 0;
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
    this.#online += Number(isOnline) - Number(wasOnline);
    entry.isOnline = isOnline;
    entry.data = isOnline ? data : undefined;
    this.#changesSince.clear();
    this.#partsFrom.clear();
    const limit = Math.min(MAX_LOG, Math.max(MIN_LOG, 2 * this.#online));
    // A quarter at once, since removing from the start of an array takes time.
    if (this.#log.length > limit) this.#forget(this.#log.length - Math.floor(limit * 0.75));
    return true;
  }

  /** Empties the log: every watcher has been told of all changes. */
  forgetChanges(): void {
    this.#forget(this.#log.length);
    this.#partsFrom.clear();
  }

  /** Returns the next changes since a position that is in the log, about {@link PART_SIZE} of them. */
  changesSince(position: number): Changes {
    const known = this.#changesSince.get(position);
    if (known) return known;
    const before = new Map<Entry, Change>();
    let size = 0;
    let end = position;
    for (; end < this.end && size < PART_SIZE; end++) {
      const change = this.#log[end - this.#start] as Change;
      if (before.has(change.entry)) continue;
      before.set(change.entry, change);
      size += sizeOf(change.entry);
    }
    const changes: Changes = {
      end,
      frames: null,
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
    let lookedAt = 0;
    // Not by an index: the V8 of Node 26.10 (14.6) believes of one, in a loop with two ends, that it stays below the length.
    for (const entry of this.#entries.slice(number, number + MAX_LOOKED_AT)) {
      lookedAt++;
      if (!entry?.isOnline || isShown?.(entry) === false) continue;
      shown.push(entry);
      size += sizeOf(entry);
      if (size >= PART_SIZE) break;
    }
    const next = number + lookedAt;
    const hasMore = next < this.#entries.length;
    const part = {
      rest: restOf(shown, hasMore),
      isEmpty: shown.length === 0,
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

const sizeOf = ({ id, data = '' }: Shown): number => id.length + data.length;
