import type { Buffer } from 'node:buffer';

const WORDS = ['online', 'offline', 'part', 'last'] as const;

/** A message of the scripts. It has exactly one of these lists. */
export interface PresenceMessage extends Readonly<
  Partial<Record<(typeof WORDS)[number], readonly string[]>>
> {
  /** The topic of a list; undefined for all who are online. */
  readonly topic?: string;
  /** The public data of the identities that have some. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What hears of changes. */
interface ViewListener {
  online(id: string): void;
  offline(id: string): void;
  renewed(id: string): void;
}

/** The identities that are online, or in a topic, according to the messages of Redis. */
export class OnlineView {
  /** Their ids and public data, as JSON. */
  readonly #dataOf = new Map<string, string | undefined>();
  /** The list that comes in parts, with the changes since its first part; undefined when none is awaited. */
  #newList: Map<string, string | undefined> | undefined;

  /** How many identities are online; undefined while a list is awaited, whose end may change it. */
  get size(): number | undefined {
    return this.#newList ? undefined : this.#dataOf.size;
  }

  has(id: string): boolean {
    return this.#dataOf.has(id);
  }

  list(): string[] {
    return [...this.#dataOf.keys()];
  }

  dataOf(id: string): string | undefined {
    return this.#dataOf.get(id);
  }

  /** Called before the first part of a list. What came of an older list is forgotten. */
  startList(): void {
    this.#newList = new Map();
  }

  /** Applies a message of the scripts, and reports the changes. Returns whether it has completed a list. */
  apply(message: PresenceMessage, listener: ViewListener): boolean {
    const { online = [], offline = [], part = [], last } = message;
    for (const id of [...online, ...part, ...(last ?? [])])
      this.#newList?.set(id, dataIn(message, id));
    for (const id of offline) this.#newList?.delete(id);
    for (const id of online) this.#set(id, dataIn(message, id), listener);
    for (const id of offline) this.#delete(id, listener);
    const all = this.#newList;
    if (!last || !all) return false;
    this.#newList = undefined;
    for (const id of this.list()) if (!all.has(id)) this.#delete(id, listener);
    for (const [id, data] of all) this.#set(id, data, listener);
    return true;
  }

  #set(id: string, data: string | undefined, listener: ViewListener): void {
    const isKnown = this.#dataOf.has(id);
    if (isKnown && this.#dataOf.get(id) === data) return;
    this.#dataOf.set(id, data);
    if (isKnown) listener.renewed(id);
    else listener.online(id);
  }

  #delete(id: string, listener: ViewListener): void {
    if (this.#dataOf.delete(id)) listener.offline(id);
  }
}

function dataIn({ data }: PresenceMessage, id: string): string | undefined {
  return data && Object.hasOwn(data, id) ? JSON.stringify(data[id]) : undefined;
}

/** @throws Error if no script can have published the message. */
export function parsePresenceMessage(data: Buffer): PresenceMessage {
  const message: unknown = JSON.parse(String(data));
  if (!isPresenceMessage(message)) throw new TypeError('It has no list of identities.');
  return message;
}

function isPresenceMessage(message: unknown): message is PresenceMessage {
  if (typeof message !== 'object' || message === null) return false;
  const { topic, data, ...values } = message as Partial<Record<string, unknown>>;
  if (topic !== undefined && typeof topic !== 'string') return false;
  if (data !== undefined && (typeof data !== 'object' || data === null)) return false;
  const lists = WORDS.map((word) => values[word]).filter((list) => list !== undefined);
  return lists.length === 1 && isListOfText(lists[0]);
}

function isListOfText(list: unknown): boolean {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'string');
}
